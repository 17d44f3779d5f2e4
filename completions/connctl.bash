# Completes the command line of connctl in bash: connctl itself says what may stand where.

_connctl() {
    local line=${COMP_LINE:0:COMP_POINT} word offer prefix i n=-1 glued=0
    local -a words=()
    # bash splits words at "=" and ":", which ids and options hold.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $line == [[:space:]]* ]]; then
            line=${line#"${line%%[![:space:]]*}"}
            glued=0
        fi
        ((i == COMP_CWORD)) && word=${word:0:${#line}}
        if ((glued)); then
            words[n]+=$word
        else
            words[++n]=$word
        fi
        line=${line:${#word}}
        glued=1
    done
    prefix=${words[n]}
    prefix=${prefix%"${prefix##*["$COMP_WORDBREAKS"]}"}
    COMPREPLY=()
    while IFS= read -r offer; do
        if [[ $offer == *$'\1' ]]; then
            compopt -o default
            return
        fi
        offer=${offer%%$'\t'*}
        offer=${offer#"$prefix"}
        [[ $offer == *[!A-Za-z0-9._:,=@%+/-]* ]] && printf -v offer '%q' "$offer"
        COMPREPLY+=("$offer")
    done < <("$1" __complete "${words[@]}" 2>/dev/null)
}

complete -F _connctl connctl
