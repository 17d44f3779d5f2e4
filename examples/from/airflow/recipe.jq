# Airflow: airflow connections export connections.json, an object with a connection under each id.
# Passwords, and secrets in "extra", stay settings here; connctl import --seal makes secrets of them.
# Airflow knows no environment: --arg environment testing, or else they are live.

def identifier: gsub("[^A-Za-z0-9._:-]+"; "-") | sub("^[^A-Za-z0-9]+"; "") | .[:128];
def trimmed: if type == "string" then gsub("^\\s+|\\s+$"; "") else . end;
def present: with_entries(.value |= trimmed | select(.value != null and .value != ""));

{
  connectors: [
    to_entries[]
    | .key as $key
    | (.value.extra | if type == "string" then (fromjson? // .) else . end) as $extra
    | (.value | {host, port, login, schema, password, $extra} | present) as $settings
    | {
        id: ($key | identifier),
        name: $key,
        system: (.value.conn_type | trimmed),
        environment: ($ARGS.named.environment // "live"),
        settings: $settings
      }
      + ({note: .value.description} | present)
  ]
}
