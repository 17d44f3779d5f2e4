# What the guards in this folder share: finding whole ids in texts, all of them in one pass.
#
# An id is a run of letters, digits and ._:- and counts where all of a run is the id: "shop" stands
# in "from shop to erp", and not in "shop-eu". Signs at the ends of a run may belong to the sentence
# or the file around it, as in "shop:" or "--shop", so an id counts without these too.
#
# awk reads the ids, one a line, an empty line, what a guard looks through, and a line "done". Where
# that is missing the guard could not look at everything, and fails. Whoever uses this calls look()
# for each text.

!has_ids {
    if ($0 == "")
        has_ids = 1
    else
        wanted[$0]
    next
}
{ is_done = 0 }
$0 == "done" { is_done = 1; next }

END {
    if (!is_done)
        exit 1
    for (n = 1; n <= count_found; n++) {
        id = found[n]
        place = first[id]
        if (id in more)
            place = place " and " more[id] " more"
        print "{\"id\":\"" id "\",\"used_by\":\"" json(users[id]) "\",\"where\":\"" json(place) "\"}"
    }
}

function look(text, user, place,    runs, count, n) {
    count = split(text, runs, /[^A-Za-z0-9._:-]+/)
    for (n = 1; n <= count; n++) {
        if (runs[n] in wanted)
            note(runs[n], user, place)
        if (runs[n] ~ /^[._:-]|[._:-]$/)
            look_inside(runs[n], user, place)
    }
}

function look_inside(run, user, place) {
    if (sub(/^[._:-]+/, "", run) && run in wanted)
        note(run, user, place)
    while (sub(/[._:-]$/, "", run))
        if (run in wanted)
            note(run, user, place)
}

# Keeps the first place and counts the others: connctl takes an answer of 1 MiB.
function note(id, user, place) {
    if (!(id in first)) {
        first[id] = place
        users[id] = user
        found[++count_found] = id
    } else if (last[id] != place)
        more[id]++
    last[id] = place
}

# What may stand between the quotes of JSON.
function json(text) {
    gsub(/[^ -~]/, "?", text)
    gsub(/["\\]/, "\\\\&", text)
    return text
}
