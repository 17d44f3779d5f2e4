# Completes the command line of connctl in fish: connctl itself says what may stand where.

function __connctl_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l offers ($words[1] __complete $words (string unescape -- $typed; or echo $typed) 2>/dev/null)
    if string match -q '*'\x01 -- $offers
        __fish_complete_path (string replace -r '^-[^=]*=' '' -- $typed)
    else
        printf '%s\n' $offers
    end
end

complete -c connctl -f -a '(__connctl_complete)'
