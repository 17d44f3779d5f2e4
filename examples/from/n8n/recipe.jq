# n8n: n8n export:workflow --all --output=workflows.json, one list; or its files one by one, with jq -s.
# What workflows use of credentials are the connectors; their values are not in an export.
# A name with QA, test, staging or dev in it means testing, and all else live. An environment is fixed:
# after a renaming that changes it, connctl refuses the file and names the connector.

def identifier: gsub("[^A-Za-z0-9._:-]+"; "-") | sub("^[^A-Za-z0-9]+"; "") | .[:128];
def environment: if test("\\b(qa|test|testing|staging|dev)\\b"; "i") then "testing" else "live" end;

# The same workflow may stand in two files; the younger one counts.
[if type == "array" then .[] else . end | if type == "array" then .[] else . end]
| group_by(.id) | map(max_by(.updatedAt // "")) | sort_by(.updatedAt // "", .id)
| [
    .[]
    | . as $workflow
    | .nodes[]?
    | (.type | test("trigger"; "i")) as $begins
    | .credentials // {} | to_entries[]
    | select(.value.id != null)
    | {$workflow, $begins, system: .key, id: (.value.id | identifier), name: .value.name}
  ] as $uses
| {
    # One credential may have had several names; the youngest counts.
    connectors: [
      $uses | group_by(.id)[] | last
      | {id, name, system, environment: (.name | environment)}
    ],
    services: [
      .[]
      | . as $workflow
      | [$uses[] | select(.workflow.id == $workflow.id)] as $used
      | select($used != [])
      | {
          id: (.id | identifier),
          name,
          active: (.active // false),
          sources: [$used[] | select(.begins).id] | unique,
          destinations: [$used[] | select(.begins | not).id] | unique,
          schedule: (
            [.nodes[]? | select(.type | test("scheduleTrigger|\\.cron$"))
              | .parameters | (first(.. | .expression? | strings) // tojson)]
            | if . == [] then null else join("; ") end
          )
        }
    ]
  }
