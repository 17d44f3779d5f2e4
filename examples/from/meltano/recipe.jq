# Meltano: yq -j . meltano.yml. A plugin in an environment is a connector, with what it inherits;
# a job in an environment is a service, as far as it moves anything.
# Environments keep their names: connctl import --env-map prod=live,dev=testing.
# Passwords stay settings here; connctl import --seal makes secrets of them.

def identifier: gsub("[^A-Za-z0-9._:-]+"; "-") | sub("^[^A-Za-z0-9]+"; "") | .[:128];
. as $project
| [.plugins | (.extractors, .loaders) // [] | .[]] as $plugins
| [.environments // [] | .[]] as $environments

# The plugin and what it inherits from, the farthest first.
| def line: . as $plugin
    | if .inherit_from then ($plugins[] | select(.name == $plugin.inherit_from) | line), $plugin
      else $plugin end;

# What an environment says of a plugin.
def said($environment; $name):
    $environment.config.plugins // {} | (.extractors, .loaders) // [] | .[]
    | select(.name == $name) | .config // {};

def words: if type == "array" then .[] else . end | split(" ")[];

{
  connectors: [
    $environments[] as $environment | $plugins[]
    | .name as $name
    | [line] as $line
    | {
        id: "\($name)-\($environment.name)" | identifier,
        name: $name,
        system: ($line[0].name | sub("^(tap|target)-"; "")),
        environment: $environment.name,
        settings: ([$line[] | (.config // {}), said($environment; .name)] | add)
      }
  ],
  services: [
    $environments[].name as $environment
    | $project.jobs // [] | .[]
    | .name as $name
    | [.tasks | if type == "array" then .[] else . end | words] as $words
    | def used($plugins): [$plugins // [] | .[].name | select(IN($words[])) | "\(.)-\($environment)" | identifier];
    {
        id: "\($name)-\($environment)" | identifier,
        $name,
        sources: used($project.plugins.extractors),
        destinations: used($project.plugins.loaders),
        schedule: ([$project.schedules // [] | .[] | select(.job == $name).interval] | first)
      }
    | select(.sources + .destinations != [])
  ]
}
