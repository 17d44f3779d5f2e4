
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'connctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'connctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'connctl' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List connectors: the live ones, unless told otherwise')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about a connector and what uses it, but no secret''s value')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a connector')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a connector; what is not named stays as it is')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete connectors for good; one that any service refers to stays')
            [CompletionResult]::new('service', 'service', [CompletionResultType]::ParameterValue, 'List, show, add, edit, activate, deactivate and delete services')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import connectors and services from a file: all of it or, after any mistake, nothing')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export all connectors and services to a file that can be imported again')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'The rules that the store demands of what it holds')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write the completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual page, or all of them into a folder')
            break
        }
        'connctl;list' {
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'Of this system')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Of this company group')
            [CompletionResult]::new('--idle-for', '--idle-for', [CompletionResultType]::ParameterName, 'Neither added nor used for this long, such as 90d or 6mo')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'With this text in id, name or system, in upper or lower case')
            [CompletionResult]::new('--used-by', '--used-by', [CompletionResultType]::ParameterName, 'That this service refers to')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'End each id in NUL instead of a line end; needs "-o ids"')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'End each id in NUL instead of a line end; needs "-o ids"')
            [CompletionResult]::new('--unused', '--unused', [CompletionResultType]::ParameterName, 'That no service refers to, not even an inactive one')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Whose time of expiry has come')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;show' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;add' {
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The kind of system it reaches, such as shopify, netsuite or http')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment; it never changes')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What people call it [default: the id]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'The company group it belongs to')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'A free text')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'When it expires: a time, a date, a duration from now such as 90d, or "never"')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;edit' {
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'A new system')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A new name')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'A new company group; "" for none')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove a setting')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'A new note; "" for none')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'When it expires: a time, a date, a duration from now such as 90d, or "never"')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;delete' {
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Refuse unless exactly this many would go')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Refuse unless all are of this environment; with no ID, choose among those of it')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask; never overrides what protects a connector in use')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask; never overrides what protects a connector in use')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would happen')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would happen')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Delete what can go and report the rest, instead of refusing all')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Let ids pass that do not exist')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Ids on standard input end in NUL')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Ids on standard input end in NUL')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List services')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about a service')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a service')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a service; what is not named stays as it is')
            [CompletionResult]::new('activate', 'activate', [CompletionResultType]::ParameterValue, 'Let a service run')
            [CompletionResult]::new('deactivate', 'deactivate', [CompletionResultType]::ParameterValue, 'Stop a service from running; it protects its connectors all the same')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete services for good, with their references, but never a connector')
            break
        }
        'connctl;service;list' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Only those of this kind')
            [CompletionResult]::new('--uses', '--uses', [CompletionResultType]::ParameterName, 'Only those that refer to this connector')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'Only those with this text in id or name, in upper or lower case')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'End each id in NUL instead of a line end; needs "-o ids"')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'End each id in NUL instead of a line end; needs "-o ids"')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;show' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;add' {
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'A connector that data comes from; may be given several times')
            [CompletionResult]::new('--destination', '--destination', [CompletionResultType]::ParameterName, 'A connector that data goes to; may be given several times')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What people call it [default: the id]')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'How it works')
            [CompletionResult]::new('--schedule', '--schedule', [CompletionResultType]::ParameterName, 'When it runs: a free text, such as a cron expression')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'A free text')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('--inactive', '--inactive', [CompletionResultType]::ParameterName, 'Do not let it run yet')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;edit' {
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'A connector that data comes from; all that are given replace all there were')
            [CompletionResult]::new('--destination', '--destination', [CompletionResultType]::ParameterName, 'A connector that data goes to; all that are given replace all there were')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A new name')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'How it works')
            [CompletionResult]::new('--schedule', '--schedule', [CompletionResultType]::ParameterName, 'When it runs: a free text, such as a cron expression; "" for none')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'A new note; "" for none')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;activate' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;deactivate' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;service;delete' {
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Refuse unless exactly this many would go')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask; never overrides what protects a connector in use')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask; never overrides what protects a connector in use')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would happen')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would happen')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Delete what can go and report the rest, instead of refusing all')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Let ids pass that do not exist')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Ids on standard input end in NUL')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Ids on standard input end in NUL')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;import' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format [default: by the file''s ending, else toml]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Replace connectors and services that exist, instead of refusing the file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;export' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format [default: by the file''s ending, else toml]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;policy' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the policies and whether they are on')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Turn a policy on or off')
            break
        }
        'connctl;policy;list' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;policy;set' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;completions' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'connctl;man' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The store [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration folder]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The format of the data [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: NO_COLOR] [default: auto]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where errors come from')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what would need an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
