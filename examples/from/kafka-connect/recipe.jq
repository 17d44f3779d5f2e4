# Kafka Connect: curl -s localhost:8083/connectors?expand=info, an object; or the files that were
# posted, one by one, with jq -s. What Kafka Connect calls a connector is a flow, and a service here;
# its ends are the system that its configuration names, and Kafka itself.
# Passwords stay settings here; connctl import --seal makes secrets of them.
# --arg environment testing if the cluster is not live; --arg cluster NAME if there are several: ids
# begin with it then.

def identifier: gsub("[^A-Za-z0-9._:-]+"; "-") | sub("^[^A-Za-z0-9]+"; "") | .[:128];
def present: with_entries(select(.value != null and .value != ""));
($ARGS.named.environment // "live") as $environment
| ($ARGS.named.cluster // "kafka") as $cluster
| ($ARGS.named.cluster | if . then . + ":" else "" end) as $prefix

# Where the other end is: a URL, or host, port and database of their own.
| def place:
    (.["connection.url"] // .["connection.uri"] // .["http.api.url"] // "") as $url
    | if $url != "" then
        $url | sub("^jdbc:"; "")
        | capture("^(?<system>[A-Za-z0-9+]+):/*(?:[^@/?]*@)?(?<place>[^?;]*)")
      elif .["database.hostname"] then
        {
          system: (.["connector.class"] | split(".") | .[-2]),
          place: ([.["database.hostname"], .["database.port"], .["database.dbname"]]
            | map(select(. != null) | tostring) | join("-"))
        }
      elif .["s3.bucket.name"] then
        {system: "s3", place: .["s3.bucket.name"]}
      else
        null
      end
    | if . then .id = ("\($prefix)\(.system)-\(.place)" | rtrimstr("/") | identifier) else . end;

[
    if type == "array" then .[] else to_entries[].value.info end
    | {name, config, place: (.config | place)}
    | .is_source = (.config["connector.class"] | test("Source"))
  ]
| {
    connectors: (
      [{id: $cluster, system: "kafka", $environment}]
      + [group_by(.place.id)[] | last | select(.place) | {
          id: .place.id,
          system: .place.system,
          $environment,
          settings: (.config | {
            url: (.["connection.url"] // .["connection.uri"] // .["http.api.url"]
              | if . then sub("[?;].*"; "") else . end),
            user: (.["connection.user"] // .["connection.username"] // .["database.user"]),
            password: (.["connection.password"] // .["database.password"])
          } | present)
        }]
    ),
    services: [
      .[] | {
        id: ($prefix + .name | identifier),
        name,
        sources: (if .is_source then [.place.id // empty] else [$cluster] end),
        destinations: (if .is_source then [$cluster] else [.place.id // empty] end),
        note: (.config | .topics // .["topic.prefix"] // .["topics.regex"])
      }
    ] | unique_by(.id)
  }
