# Completions of connctl for fish. connctl itself says how a word goes on.

function __connctl_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in (command connctl __complete $words "$word" 2>/dev/null)
        # A command and its words, or a path: the shell knows better.
        if string match -q \t\t'*' -- $line
            set -l before (string sub -s 3 -- $line)
            set -l begun
            test (count $words) -gt $before
            and set begun (string escape -- $words[(math $before + 1)..-1])
            complete --do-complete=(string join ' ' -- $begun $word)
        else if string match -q \t'*' -- $line
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
