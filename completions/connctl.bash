# Completions of connctl for bash. connctl itself says how a word goes on.

_connctl() {
    local line=${COMP_LINE:0:COMP_POINT} words=() i word breaks= tail glued reply
    # Bash breaks words at "=" and ":". Here they are put together again, up to the cursor.
    for ((i = 0; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i)) && [[ $line != [[:blank:]]* ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${line#"${line%%[![:blank:]]*}"}
        line=${line#"$word"}
    done
    if [[ $line == [[:blank:]]* ]]; then
        words+=("${line#"${line%%[![:blank:]]*}"}")
    else
        words[${#words[@]} - 1]+=$line
    fi
    word=${words[${#words[@]} - 1]}
    # What stands before the last break is not replaced.
    [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
    [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
    tail=$word
    [[ $breaks ]] && tail=${word##*[$breaks]}
    glued=${word%"$tail"}

    COMPREPLY=()
    local replies=() abouts=()
    while IFS= read -r reply; do
        replies+=("${reply%%$'\t'*}")
        abouts+=("${reply#*$'\t'}")
    done < <(command connctl __complete "${words[@]}" 2>/dev/null)
    # A command and its words, behind "--": the shell knows better.
    if [[ ${#replies[@]} -gt 0 && ! ${replies[0]} && ${abouts[0]} == $'\t'* ]]; then
        for ((i = 1; i < COMP_CWORD; i++)); do
            [[ ${COMP_WORDS[i - 1]} == -- ]] && break
        done
        if declare -F _comp_command_offset >/dev/null; then
            _comp_command_offset "$i"
        elif declare -F _command_offset >/dev/null; then
            _command_offset "$i"
        else
            tail=-f
            ((i == COMP_CWORD)) && [[ $word != */* ]] && tail=-c
            [[ $tail == -f ]] && compopt -o filenames 2>/dev/null
            while IFS= read -r reply; do
                COMPREPLY+=("$reply")
            done < <(compgen "$tail" -- "$word")
        fi
        return
    fi
    # A path: the shell knows better.
    if [[ ${#replies[@]} -gt 0 && ! ${replies[0]} ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r reply; do
            COMPREPLY+=("$reply")
        done < <(compgen -f -- "${word#"${abouts[0]}"}")
        return
    fi
    for i in "${!replies[@]}"; do
        reply=${replies[i]}
        [[ $reply == "$glued"* ]] || continue
        reply=${reply#"$glued"}
        # Bash puts in what it is given as it is.
        if [[ $reply == *[!A-Za-z0-9._:/=@%+,-]* ]]; then
            [[ $tail == [\'\"]* ]] && continue
            printf -v reply %q "$reply"
        fi
        # Where the words are only shown, what is known of them is shown too.
        if [[ ${COMP_TYPE-} == 63 && ${abouts[i]} && ${#replies[@]} -gt 1 ]]; then
            reply+="  (${abouts[i]})"
        fi
        COMPREPLY+=("$reply")
    done
}

complete -F _connctl connctl
