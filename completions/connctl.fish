# Completions of connctl for fish. connctl itself says how a word goes on.

function __connctl_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in (command connctl __complete $words "$word" 2>/dev/null)
        # A path: the shell knows better.
        if string match -q \t'*' -- $line
            set -l begun (string sub -s 2 -- $line)
            set -l rest (string sub -s (math 1 + (string length -- "$begun")) -- $word)
            for path in (__fish_complete_path $rest)
                echo $begun$path
            end
        else
            echo $line
        end
    end
end

complete -c connctl -f -a '(__connctl_complete)'
