# What the hooks in this folder share: a line of text for each entry of the audit trail. An entry is
# an object of JSON on a line, as "connctl audit list -o ndjson" writes it.
#
# The texts are not decoded: they stand as they do between the quotes of JSON, without a line end or
# another character that a terminal or a mail would obey.

{
    # What follows may have fields of the same names. Within a text its quotes would be escaped.
    head = substr($0, 1, index($0, ",\"detail\":"))
    count++
    if (count == 1)
        title = field("action") (field("outcome") == "done" ? "" : ", " field("outcome"))
    if (count <= 100)
        lines[count] = line()
}

# 12  2026-11-25T04:00:00Z  kim  connector.delete shop-old: no longer needed
function line(    number, text) {
    match(head, /"sequence":[0-9]+/)
    number = substr(head, RSTART + 11, RLENGTH - 11)
    text = number "  " field("time") "  " field("user") "  " field("action")
    if (field("subject") != "")
        text = text " " field("subject")
    if (field("outcome") != "done")
        text = text " (" field("outcome") ")"
    if (field("reason") != "")
        text = text ": " field("reason")
    return text
}

function field(name) {
    if (!match(head, "\"" name "\":\"([^\"\\\\]|\\\\.)*\""))
        return ""
    return substr(head, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}
