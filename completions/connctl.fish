# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_connctl_global_optspecs
    string join \n store= config= o/output= color= wide q/quiet v/verbose no-input reason= h/help V/version
end

function __fish_connctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_connctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_connctl_using_subcommand
    set -l cmd (__fish_connctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c connctl -n "__fish_connctl_needs_command" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_needs_command" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_needs_command" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_needs_command" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_needs_command" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_needs_command" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_needs_command" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_needs_command" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_needs_command" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_needs_command" -s V -l version -d 'Print version'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "list" -d 'List connectors: the live ones, unless told otherwise'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "show" -d 'Show everything about a connector and what uses it, but no secret\'s value'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "impact" -d 'Show what would break without connectors, and the shortest way to free them'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "add" -d 'Add a connector'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "edit" -d 'Change a connector; what is not named stays as it is'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "copy" -d 'Add a connector that is like another one'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "rename" -d 'Give a connector another id; services and secrets follow'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "replace" -d 'Let services refer to another connector, in the same roles'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "protect" -d 'Protect connectors from being deleted, whatever the way'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "unprotect" -d 'Let connectors be deleted again'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "retire" -d 'Put connectors on trial before they go: nobody may use them, and who tries is recorded'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "revive" -d 'End the trial of connectors: they may be used again'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "delete" -d 'Delete connectors for good; one that any service refers to stays'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "prune" -d 'Delete for good what the filters select; what is in use stays'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "service" -d 'List, show, add, edit, activate, deactivate and delete services'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "secret" -d 'Set, get, list and delete the secrets of a connector'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "exec" -d 'Run a command with a connector\'s secrets in its environment'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "key" -d 'Choose who can read the secrets: list, add and remove recipients'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "run" -d 'Run the actions of a workflow: all of them or, after any problem, none'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "import" -d 'Import connectors and services from a file: all of it or, after any mistake, nothing'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "export" -d 'Export all connectors and services to a file that can be imported again'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "policy" -d 'The rules that the store demands of what it holds'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "access" -d 'Choose who may do what: list, grant and revoke roles'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "audit" -d 'See who did what, and check that the record is whole'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "init" -d 'Make an empty store'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "doctor" -d 'Check the store, its files and its keys, and say what to do about what is wrong'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "backup" -d 'Write a consistent copy of the store to a new file, while others work'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "restore" -d 'Put a copy that "backup" wrote in the place of the store'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "compact" -d 'Erase from the store\'s file what is left of what was deleted'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "completions" -d 'Write the completions for a shell'
complete -c connctl -n "__fish_connctl_needs_command" -f -a "man" -d 'Write the manual page, or all of them into a folder'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l system -d 'Of this system' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l group -d 'Of this company group' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l idle-for -d 'Neither added nor used for this long, such as 90d or 6mo' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l search -d 'With this text in id, name, system or, in "list", note; case and accents as they come' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l used-by -d 'That this service refers to' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l expires-within -d 'Whose time of expiry comes within this long, such as 30d, or has come' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l columns -d 'Only these columns, in this order, by their names in JSON' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l sort -d 'Sort by this column, "-COLUMN" the other way round; again for what is alike' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l limit -d 'No more rows than this' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -l unused -d 'That no service refers to, not even an inactive one'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l expired -d 'Whose time of expiry has come'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l retired -d 'On trial'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l protected -d 'That may not be deleted'
complete -c connctl -n "__fish_connctl_using_subcommand list" -s 0 -l null -d 'End each id in NUL instead of a line end; needs "-o ids"'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand show" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand show" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand show" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand show" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand show" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand show" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand show" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand show" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand show" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand impact" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l mermaid -d 'Draw it as a diagram in the language of Mermaid'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand impact" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand add" -l system -d 'The kind of system it reaches, such as shopify, netsuite or http' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l env -d 'The environment; it never changes' -r -f -a "live\t''
testing\t''"
complete -c connctl -n "__fish_connctl_using_subcommand add" -l name -d 'What people call it [default: the id]' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l group -d 'The company group it belongs to' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l set -d 'A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l secret -d 'A secret, and where its value comes from: nothing to be asked, @FILE, env:VARIABLE, or - for standard input' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l note -d 'A free text' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l expires -d 'When it expires: a time, a date, a duration from now such as 90d, or "never"' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand add" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand add" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand add" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand add" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -l allow-plain -d 'Let a setting pass that looks like a secret'
complete -c connctl -n "__fish_connctl_using_subcommand add" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand add" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand add" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand add" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l system -d 'A new system' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l name -d 'A new name' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l group -d 'A new company group; "" for none' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l set -d 'A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l unset -d 'Remove a setting' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l secret -d 'Set a secret; its value comes from where SOURCE says: nothing to be asked, @FILE, env:VARIABLE, or - for standard input' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l unset-secret -d 'Remove a secret' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l note -d 'A new note; "" for none' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l expires -d 'When it expires: a time, a date, a duration from now such as 90d, or "never"' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand edit" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l allow-plain -d 'Let a setting pass that looks like a secret'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -s y -l yes -d 'Do not ask before the value of a secret of a live connector is replaced'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l env -d 'The environment of the copy [default: that of the other one]' -r -f -a "live\t''
testing\t''"
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l group -d 'The company group of the copy; "" for none [default: that of the other one]' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand copy" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l with-secrets -d 'Copy the secrets into another environment as well'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s y -l yes -d 'Do not ask'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l only -d 'Only in this service; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l expect -d 'Refuse unless exactly this many services would change' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l plan -d 'Change exactly what a dry run planned ("-o json"), or nothing if any of it has changed since; "-" for standard input' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s y -l yes -d 'Do not ask'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand replace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand protect" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand protect" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand protect" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand protect" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand protect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l for -d 'How long, such as 30d or 2mo' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l expect -d 'Refuse unless exactly this many would be put on trial' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l env -d 'Refuse unless all are of this environment; with no ID, choose among those of it' -r -f -a "live\t''
testing\t''"
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l plan -d 'Put on trial exactly what a dry run planned ("-o json"), or nothing if any of it has changed since; "-" for standard input' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l token -d 'What a token stands for; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l tokens -d 'A file with what tokens stand for, JSON or TOML: texts by name, or tables of them by namespace' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l keep-going -d 'Put on trial what can be and report the rest, instead of refusing all'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l ignore-missing -d 'Let ids pass that do not exist'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s 0 -l null -d 'Ids on standard input end in NUL'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand revive" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand revive" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand revive" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand revive" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand revive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l env -d 'Refuse unless all are of this environment; with no ID, choose among those of it' -r -f -a "live\t''
testing\t''"
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l replace-with -d 'First let every service that refers to them refer to this one, all in one change' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l expect -d 'Refuse unless exactly this many would go' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l keep -d 'Write what is deleted to a new file first, which "connctl import" brings back; its ending tells the format, as for an export' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l plan -d 'Delete exactly what a dry run planned ("-o json"), or nothing if any of it has changed since; "-" for standard input' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l token -d 'What a token stands for; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l tokens -d 'A file with what tokens stand for, JSON or TOML: texts by name, or tables of them by namespace' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l keep-going -d 'Delete what can go and report the rest, instead of refusing all'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l ignore-missing -d 'Let ids pass that do not exist'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s 0 -l null -d 'Ids on standard input end in NUL'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l expect -d 'Refuse unless exactly this many would go' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l keep -d 'Write what is deleted to a new file first, which "connctl import" brings back; its ending tells the format, as for an export' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l system -d 'Of this system' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l group -d 'Of this company group' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l idle-for -d 'Neither added nor used for this long, such as 90d or 6mo' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l search -d 'With this text in id, name, system or, in "list", note; case and accents as they come' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l unused -d 'That no service refers to, not even an inactive one'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l expired -d 'Whose time of expiry has come'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l retired -d 'On trial'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "list" -d 'List services'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "show" -d 'Show everything about a service'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "add" -d 'Add a service'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "edit" -d 'Change a service; what is not named stays as it is'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "activate" -d 'Let a service run'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "deactivate" -d 'Stop a service from running; it protects its connectors all the same'
complete -c connctl -n "__fish_connctl_using_subcommand service; and not __fish_seen_subcommand_from list show add edit activate deactivate delete" -f -a "delete" -d 'Delete services for good, with their references, but never a connector'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l kind -d 'Only those of this kind' -r -f -a "standard\t''
sweeper\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l uses -d 'Only those that refer to this connector' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l search -d 'Only those with this text in id or name, in upper or lower case' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l columns -d 'Only these columns, in this order, by their names in JSON' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l sort -d 'Sort by this column, "-COLUMN" the other way round; again for what is alike' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l limit -d 'No more rows than this' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -s 0 -l null -d 'End each id in NUL instead of a line end; needs "-o ids"'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l source -d 'A connector that data comes from; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l destination -d 'A connector that data goes to; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l name -d 'What people call it [default: the id]' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l kind -d 'How it works' -r -f -a "standard\t''
sweeper\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l schedule -d 'When it runs: a free text, such as a cron expression' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l note -d 'A free text' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l inactive -d 'Do not let it run yet'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l source -d 'A connector that data comes from; all that are given replace all there were' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l destination -d 'A connector that data goes to; all that are given replace all there were' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l add-source -d 'A connector that data comes from as well; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l remove-source -d 'A connector that data no longer comes from; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l add-destination -d 'A connector that data goes to as well; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l remove-destination -d 'A connector that data no longer goes to; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l name -d 'A new name' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l kind -d 'How it works' -r -f -a "standard\t''
sweeper\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l schedule -d 'When it runs: a free text, such as a cron expression; "" for none' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l note -d 'A new note; "" for none' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l expect -d 'Refuse unless exactly this many would go' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l keep -d 'Write what is deleted to a new file first, which "connctl import" brings back; its ending tells the format, as for an export' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l plan -d 'Delete exactly what a dry run planned ("-o json"), or nothing if any of it has changed since; "-" for standard input' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l token -d 'What a token stands for; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l tokens -d 'A file with what tokens stand for, JSON or TOML: texts by name, or tables of them by namespace' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l keep-going -d 'Delete what can go and report the rest, instead of refusing all'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l ignore-missing -d 'Let ids pass that do not exist'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s 0 -l null -d 'Ids on standard input end in NUL'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -f -a "list" -d 'List the names of a connector\'s secrets, or of all, and when each was set'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -f -a "get" -d 'Write the value of a secret to standard output'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -f -a "set" -d 'Set secrets of a connector'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and not __fish_seen_subcommand_from list get set delete" -f -a "delete" -d 'Delete a secret of a connector for good'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l older-than -d 'Those that were set so long ago, or before connctl kept the time' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l identity -d 'A file with private keys: age identities or an SSH key; may be given several times [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -s y -l yes -d 'Do not ask before a value of a live connector is replaced'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l prefix -d 'What the variables begin with, in place of the system; "" for nothing' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l only -d 'Only this secret; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l identity -d 'A file with private keys: age identities or an SSH key; may be given several times [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand exec" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand exec" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand exec" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand exec" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -f -a "list" -d 'List the recipients that secrets are encrypted for'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -f -a "init" -d 'Make an identity for yourself, and let the store encrypt for it'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -f -a "add" -d 'Let somebody else read the secrets too: encrypt all of them anew'
complete -c connctl -n "__fish_connctl_using_subcommand key; and not __fish_seen_subcommand_from list init add remove" -f -a "remove" -d 'Let somebody no longer read the secrets: encrypt all of them anew'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l comment -d 'Whose it is [default: what stands behind an SSH key, or above a key in a file]' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l identity -d 'A file with private keys: age identities or an SSH key; may be given several times [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l leave-unreadable -d 'Leave secrets that no identity at hand can read encrypted as they are'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l identity -d 'A file with private keys: age identities or an SSH key; may be given several times [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l leave-unreadable -d 'Leave secrets that no identity at hand can read encrypted as they are'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand run" -l expect -d 'Refuse unless exactly this many would go' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand run" -l keep -d 'Write what is deleted to a new file first, which "connctl import" brings back; its ending tells the format, as for an export' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand run" -l env -d 'Refuse unless all are of this environment' -r -f -a "live\t''
testing\t''"
complete -c connctl -n "__fish_connctl_using_subcommand run" -l token -d 'What a token stands for; may be given several times' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand run" -l tokens -d 'A file with what tokens stand for, JSON or TOML: texts by name, or tables of them by namespace' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand run" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand run" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand run" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand run" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand run" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand run" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand run" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand run" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand run" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand run" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand run" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l mirror -d 'Merge, and delete what an earlier mirror of this origin brought and the file no longer holds; takes JSON' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand import" -l expect-deleted -d 'Refuse unless exactly this many connectors and services would be deleted; without it, a file that deletes more than a tenth is refused' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand import" -l keep -d 'Write what is deleted to a new file first, which "connctl import" brings back' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand import" -l env-map -d 'What environments are called in the file' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand import" -l identity -d 'A file with private keys: age identities or an SSH key; may be given several times [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand import" -l format -d 'The format [default: by the file\'s ending, else by how it begins]' -r -f -a "toml\t'[[connectors]] and [[services]] tables'
json\t'One object with the lists "connectors" and "services"'
ndjson\t'One object a line, with "type": "connector" or "service"'"
complete -c connctl -n "__fish_connctl_using_subcommand import" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand import" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand import" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand import" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand import" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand import" -l replace -d 'Replace connectors and services that exist, instead of refusing the file'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l merge -d 'Change of connectors and services that exist what the file names, and leave the rest; null clears, in TOML ""'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l adopt -d 'Take over what is there already and came by no mirror'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l keep-going -d 'Delete what can go and report the rest, instead of refusing all'
complete -c connctl -n "__fish_connctl_using_subcommand import" -s y -l yes -d 'Do not ask; never overrides what protects a connector in use'
complete -c connctl -n "__fish_connctl_using_subcommand import" -s n -l dry-run -d 'Only say what would happen'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l seal -d 'Make secrets of settings that look like secrets; a nested one is called as its keys: a.b'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l allow-plain -d 'Let settings pass that look like secrets'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand import" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand import" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand import" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand export" -l format -d 'The format [default: by the file\'s ending, else toml]' -r -f -a "toml\t'[[connectors]] and [[services]] tables'
json\t'One object with the lists "connectors" and "services"'
ndjson\t'One object a line, with "type": "connector" or "service"'"
complete -c connctl -n "__fish_connctl_using_subcommand export" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand export" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand export" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand export" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand export" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand export" -l force -d 'Replace the file if it exists'
complete -c connctl -n "__fish_connctl_using_subcommand export" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand export" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand export" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand export" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -f -a "list" -d 'List the policies and whether they are on'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and not __fish_seen_subcommand_from list set" -f -a "set" -d 'Turn a policy on or off'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -f -a "list" -d 'List who has which role'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -f -a "grant" -d 'Give a user a role'
complete -c connctl -n "__fish_connctl_using_subcommand access; and not __fish_seen_subcommand_from list grant revoke" -f -a "revoke" -d 'Take a user\'s role away; they are a viewer then'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -f -a "list" -d 'List the entries of the audit trail, the newest last'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -f -a "show" -d 'Show everything about an entry of the audit trail'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and not __fish_seen_subcommand_from list show verify" -f -a "verify" -d 'Check that no entry of the audit trail was changed, removed or moved'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l subject -d 'Only those about this id, user, policy, key or file' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l actor -d 'Only those of this user' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l action -d 'Only this action' -r -f -a "connector.add\t''
connector.edit\t''
connector.rename\t''
connector.protect\t''
connector.unprotect\t''
connector.retire\t''
connector.revive\t''
connector.use\t''
connector.delete\t''
service.add\t''
service.edit\t''
service.delete\t''
import\t''
secret.set\t''
secret.read\t''
secret.delete\t''
key.add\t''
key.remove\t''
policy.set\t''
access.grant\t''
access.revoke\t''
compact\t''
store.restore\t''
trail.rewrite\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l outcome -d 'Only those that ended so' -r -f -a "done\t''
in_use\t''
protected\t''
retired\t''
not_permitted\t''
declined\t''
changed\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only those from then on: a time, a date, or how long ago, such as 7d' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l until -d 'Only those up to then' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l search -d 'Only those in which this text stands, in upper or lower case: in user, machine, command, action, subject, outcome, reason or detail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'Only the newest so many, or all of them' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l head -d 'A head that was noted earlier, which must be part of the chain' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand init" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand init" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand init" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand init" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand init" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand init" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand init" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand init" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand init" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand backup" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand backup" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand backup" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand backup" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s n -l dry-run -d 'Only check the copy, and whether it may be restored'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s y -l yes -d 'Do not ask'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand compact" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand compact" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand compact" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand compact" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand compact" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand completions" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand completions" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand completions" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand man" -l store -d 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand man" -l config -d 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]' -r -F
complete -c connctl -n "__fish_connctl_using_subcommand man" -s o -l output -d 'The format of the data [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON array or object'
ndjson\t'One JSON object a line'
csv\t'Comma-separated values with a header (RFC 4180)'
tsv\t'Tab-separated values with a header'
ids\t'One id a line'"
complete -c connctl -n "__fish_connctl_using_subcommand man" -l color -d 'When to use colour [env: NO_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c connctl -n "__fish_connctl_using_subcommand man" -l reason -d 'Why you do this, for the audit trail' -r -f
complete -c connctl -n "__fish_connctl_using_subcommand man" -l wide -d 'Leave tables as wide as they are, also on a terminal that is narrower'
complete -c connctl -n "__fish_connctl_using_subcommand man" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c connctl -n "__fish_connctl_using_subcommand man" -s v -l verbose -d 'Say where errors come from'
complete -c connctl -n "__fish_connctl_using_subcommand man" -l no-input -d 'Never ask; what would need an answer is an error'
complete -c connctl -n "__fish_connctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c connctl -n "__fish_connctl_using_subcommand list" -f
complete -c connctl -n "__fish_connctl_using_subcommand list" -f -a live -d 'Connectors of the live environment'
complete -c connctl -n "__fish_connctl_using_subcommand list" -f -a testing -d 'Connectors of the testing environment'
complete -c connctl -n "__fish_connctl_using_subcommand list" -f -a all -d 'Connectors of both environments'
complete -c connctl -n "__fish_connctl_using_subcommand show" -f
complete -c connctl -n "__fish_connctl_using_subcommand impact" -f
complete -c connctl -n "__fish_connctl_using_subcommand add" -f
complete -c connctl -n "__fish_connctl_using_subcommand edit" -f
complete -c connctl -n "__fish_connctl_using_subcommand copy" -f
complete -c connctl -n "__fish_connctl_using_subcommand rename" -f
complete -c connctl -n "__fish_connctl_using_subcommand replace" -f
complete -c connctl -n "__fish_connctl_using_subcommand protect" -f
complete -c connctl -n "__fish_connctl_using_subcommand unprotect" -f
complete -c connctl -n "__fish_connctl_using_subcommand retire" -f
complete -c connctl -n "__fish_connctl_using_subcommand revive" -f
complete -c connctl -n "__fish_connctl_using_subcommand delete" -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -f
complete -c connctl -n "__fish_connctl_using_subcommand prune" -f -a live -d 'Connectors of the live environment'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -f -a testing -d 'Connectors of the testing environment'
complete -c connctl -n "__fish_connctl_using_subcommand prune" -f -a all -d 'Connectors of both environments'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -f -a active -d 'Services that run'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -f -a inactive -d 'Services that do not run'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from list" -f -a all -d 'Both'
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from show" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from add" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from edit" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from activate" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from deactivate" -f
complete -c connctl -n "__fish_connctl_using_subcommand service; and __fish_seen_subcommand_from delete" -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from list" -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from get" -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from set" -f
complete -c connctl -n "__fish_connctl_using_subcommand secret; and __fish_seen_subcommand_from delete" -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from add" -f
complete -c connctl -n "__fish_connctl_using_subcommand key; and __fish_seen_subcommand_from remove" -f
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -f
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -f -a true
complete -c connctl -n "__fish_connctl_using_subcommand policy; and __fish_seen_subcommand_from set" -f -a false
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -f
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -f -a viewer
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -f -a editor
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from grant" -f -a admin
complete -c connctl -n "__fish_connctl_using_subcommand access; and __fish_seen_subcommand_from revoke" -f
complete -c connctl -n "__fish_connctl_using_subcommand audit; and __fish_seen_subcommand_from show" -f
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f -a bash
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f -a elvish
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f -a fish
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f -a powershell
complete -c connctl -n "__fish_connctl_using_subcommand completions" -f -a zsh
