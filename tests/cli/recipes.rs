//! The recipes for exports of other platforms, on the exports beside them.

use snapbox::str;

use crate::support::{Run, Sandbox};
use crate::{assert_run, assert_text};

/// A platform, what a person would type beside the recipe, and what removes something from its
/// export.
struct Recipe {
    name: &'static str,
    options: &'static [&'static str],
    removal: &'static str,
}

impl Recipe {
    fn path(&self, file: &str) -> String {
        let root = env!("CARGO_MANIFEST_DIR");
        format!("{root}/examples/from/{}/{file}", self.name)
    }

    /// What the recipe makes of an export, in a file.
    fn apply(&self, sandbox: &Sandbox, export: &str) {
        let recipe = self.path("recipe.jq");
        let run = sandbox.shell(&format!("jq -f '{recipe}' '{export}' > made.json"));
        assert_eq!(run.code, 0, "{run}");
    }

    fn mirror(&self, sandbox: &Sandbox, more: &[&str]) -> Run {
        let import = ["import", "made.json", "--mirror", self.name, "--seal"];
        sandbox.run(&[&import[..], self.options, more].concat())
    }

    /// Imports the export, twice, then with something removed; what is there and what was said.
    fn run(&self) -> (Sandbox, Run) {
        let sandbox = Sandbox::empty();
        assert_eq!(sandbox.run(&["key", "init"]).code, 0);
        let export = self.path("export.json");
        self.apply(&sandbox, &export);
        let run = self.mirror(&sandbox, &[]);
        assert_eq!(run.code, 0, "{run}");
        let content = sandbox.content();
        for plain in ["not a real one", "nor this"] {
            assert!(!content.contains(plain), "{content}");
        }
        let run = self.mirror(&sandbox, &[]);
        assert_eq!(run.code, 0, "{run}");
        assert!(run.stderr.contains("0 connectors added, 0 merged"), "{run}");
        assert!(run.stderr.contains("0 services added, 0 merged"), "{run}");
        assert_eq!(sandbox.content(), content);
        let less = format!("jq '{}' '{export}' > less.json", self.removal);
        let run = sandbox.shell(&less);
        assert_eq!(run.code, 0, "{run}");
        self.apply(&sandbox, "less.json");
        let run = self.mirror(&sandbox, &["--dry-run"]);
        // So small an export loses more than a tenth.
        let (_, count) = run.stderr.split_once("--expect-deleted ").unwrap();
        let run = self.mirror(&sandbox, &["--yes", "--expect-deleted", count.trim()]);
        (sandbox, run)
    }
}

/// What is there, with the systems and ends.
fn shown(sandbox: &Sandbox) -> String {
    let connectors = sandbox.run(&["list", "all", "-o", "csv"]).stdout;
    let connectors = connectors.replace(",[TIME],,,,false,", "");
    let services = ["service", "list", "-o", "csv"];
    let services = sandbox.run(&services).stdout.replace(",[TIME]", "");
    let secrets = sandbox.run(&["secret", "list", "-o", "csv"]).stdout;
    format!(
        "{connectors}\n{services}\n{}",
        secrets.replace(",[TIME]", "")
    )
}

#[test]
#[ignore = "needs jq"]
fn n8n() {
    let recipe = Recipe {
        name: "n8n",
        options: &[],
        removal: r#"map(select(.id != "wf00000000000002"))"#,
    };
    let (sandbox, run) = recipe.run();
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  TYPE       ID                OUTCOME  CHANGES
  service    wf00000000000002  deleted
  connector  cr00000000000003  deleted
  connector  cr00000000000004  deleted
stderr:
  Imported: 0 connectors added, 0 merged, 2 unchanged, 2 deleted; 0 services added, 0 merged, 1 unchanged, 1 deleted.

"#]]
    );
    recipe.apply(&sandbox, &recipe.path("export.json"));
    assert_eq!(recipe.mirror(&sandbox, &[]).code, 0);
    assert_text!(
        shown(&sandbox),
        str![[r#"
id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
cr00000000000001,Shop,shopifyApi,live,1
cr00000000000002,Orders DB,postgres,live,1
cr00000000000003,Orders DB QA,postgres,testing,1
cr00000000000004,Chat,telegramApi,live,1

id,name,kind,active,sources,destinations,schedule,updated_at
wf00000000000001,New orders,standard,true,cr00000000000001,cr00000000000002,
wf00000000000002,Nightly report,standard,false,,"cr00000000000003,cr00000000000004","{""rule"":{""interval"":[{""triggerAtHour"":3}]}}"

name,connector,set_at

"#]]
    );
}

#[test]
#[ignore = "needs jq"]
fn airflow() {
    let recipe = Recipe {
        name: "airflow",
        options: &[],
        removal: r#"del(.bucket, .warehouse)"#,
    };
    let (sandbox, run) = recipe.run();
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  TYPE       ID         OUTCOME  CHANGES
  connector  bucket     deleted
  connector  warehouse  deleted
stderr:
  Imported: 0 connectors added, 0 merged, 1 unchanged, 2 deleted; 0 services added, 0 merged, 0 unchanged, 0 deleted.

"#]]
    );
    recipe.apply(&sandbox, &recipe.path("export.json"));
    assert_eq!(recipe.mirror(&sandbox, &[]).code, 0);
    assert_text!(
        shown(&sandbox),
        str![[r#"
id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
bucket,bucket,aws,live,0
chat-hook,chat hook,http,live,0
warehouse,warehouse,postgres,live,0

id,name,kind,active,sources,destinations,schedule,updated_at

name,connector,set_at
extra.aws_secret_access_key,bucket
password,warehouse

"#]]
    );
}

#[test]
#[ignore = "needs jq"]
fn kafka_connect() {
    let recipe = Recipe {
        name: "kafka-connect",
        options: &[],
        removal: r#"del(.archive, .["orders-to-search"])"#,
    };
    let (sandbox, run) = recipe.run();
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  TYPE       ID                             OUTCOME  CHANGES
  service    archive                        deleted
  service    orders-to-search               deleted
  connector  https-search.example.org:9200  deleted
  connector  s3-archive-bucket              deleted
stderr:
  Imported: 0 connectors added, 0 merged, 2 unchanged, 2 deleted; 0 services added, 0 merged, 2 unchanged, 2 deleted.

"#]]
    );
    recipe.apply(&sandbox, &recipe.path("export.json"));
    assert_eq!(recipe.mirror(&sandbox, &[]).code, 0);
    assert_text!(
        shown(&sandbox),
        str![[r#"
id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
https-search.example.org:9200,https-search.example.org:9200,https,live,1
kafka,kafka,kafka,live,4
mysql-mysql.example.org:3306-shop,mysql-mysql.example.org:3306-shop,mysql,live,2
s3-archive-bucket,s3-archive-bucket,s3,live,1

id,name,kind,active,sources,destinations,schedule,updated_at
archive,archive,standard,true,kafka,s3-archive-bucket,
customers-from-mysql,customers-from-mysql,standard,true,mysql-mysql.example.org:3306-shop,kafka,
orders-from-mysql,orders-from-mysql,standard,true,mysql-mysql.example.org:3306-shop,kafka,
orders-to-search,orders-to-search,standard,true,kafka,https-search.example.org:9200,

name,connector,set_at
password,mysql-mysql.example.org:3306-shop

"#]]
    );
}

#[test]
#[ignore = "needs jq"]
fn meltano() {
    let recipe = Recipe {
        name: "meltano",
        options: &["--env-map", "prod=live,dev=testing"],
        removal: r#".environments |= map(select(.name != "dev"))"#,
    };
    let (sandbox, run) = recipe.run();
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  TYPE       ID                      OUTCOME  CHANGES
  service    shop-dev                deleted
  connector  tap-postgres--shop-dev  deleted
  connector  tap-postgres-dev        deleted
  connector  target-snowflake-dev    deleted
stderr:
  Imported: 0 connectors added, 0 merged, 3 unchanged, 3 deleted; 0 services added, 0 merged, 1 unchanged, 1 deleted.

"#]]
    );
    recipe.apply(&sandbox, &recipe.path("export.json"));
    assert_eq!(recipe.mirror(&sandbox, &[]).code, 0);
    assert_text!(
        shown(&sandbox),
        str![[r#"
id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
tap-postgres--shop-dev,tap-postgres--shop,postgres,testing,1
tap-postgres--shop-prod,tap-postgres--shop,postgres,live,1
tap-postgres-dev,tap-postgres,postgres,testing,0
tap-postgres-prod,tap-postgres,postgres,live,0
target-snowflake-dev,target-snowflake,snowflake,testing,1
target-snowflake-prod,target-snowflake,snowflake,live,1

id,name,kind,active,sources,destinations,schedule,updated_at
shop-dev,shop,standard,true,tap-postgres--shop-dev,target-snowflake-dev,@daily
shop-prod,shop,standard,true,tap-postgres--shop-prod,target-snowflake-prod,@daily

name,connector,set_at
password,target-snowflake-prod

"#]]
    );
}

/// CSV, whole by the recipe, and one file at a time by the line that an import of it tells.
#[test]
#[ignore = "needs python3"]
fn csv() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/from/csv");
    let sandbox = Sandbox::empty();
    let recipe = format!("'{folder}/recipe.py'");
    let files = format!("'{folder}/connectors.csv' '{folder}/services.csv'");
    let run = sandbox.shell(&format!("{recipe} {files} | connctl import -"));
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 3 connectors and 2 services.

"#]]
    );
    assert_text!(
        shown(&sandbox),
        str![[r#"
id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
crm-eu,"CRM, Europe",salesforce,live,1,[TIME],,,eu,false,
crm-us,CRM USA,salesforce,live,2,[TIME],,,us,false,
warehouse,Warehouse,snowflake,live,2

id,name,kind,active,sources,destinations,schedule,updated_at
crm-back,CRM back,standard,false,warehouse,crm-us,
crm-nightly,CRM every night,standard,true,"crm-eu,crm-us",warehouse,0 6 * * *

name,connector,set_at

"#]]
    );
    let region = "connctl show crm-us -o json | jq -c '[.settings, .note]'";
    assert_text!(
        sandbox.shell(region).stdout,
        str![[r#"
[{"region":"us"},"owned by \"Kim\""]

"#]]
    );

    // What lists write comes back, and changes nothing.
    let lists = "connctl list all -o csv > c.csv; connctl service list -o csv > s.csv";
    let back = format!("{lists}; {recipe} c.csv s.csv | connctl import - --merge");
    assert_text!(
        sandbox.shell(&back).stderr,
        str![[r#"
Imported: 0 connectors added, 0 merged, 3 unchanged; 0 services added, 0 merged, 2 unchanged.

"#]]
    );

    // Semicolons, and a mark at the beginning, as a spreadsheet writes them.
    sandbox.write(
        "c.csv",
        "\u{feff}id;system;environment;group\r\nshop;shopify;live;\r\n",
    );
    sandbox.write(
        "s.csv",
        "id;sources;active\r\nsweep;shop,crm-eu;TRUE\r\nsweep-2;shop;false\r\n",
    );
    for file in ["c.csv", "s.csv"] {
        let run = sandbox.run(&["import", file]);
        assert_eq!(run.code, 2, "{run}");
        let (_, line) = run.stderr.split_once("can be made JSON: ").unwrap();
        let run = sandbox.shell(line);
        assert_eq!(run.code, 0, "{line}\n{run}");
    }
    let ends = "connctl service list -o json | jq -c '.[] | [.id, .sources, .active]'";
    assert_text!(
        sandbox.shell(ends).stdout,
        str![[r#"
["crm-back",["warehouse"],false]
["crm-nightly",["crm-eu","crm-us"],true]
["sweep",["crm-eu","shop"],true]
["sweep-2",["shop"],false]

"#]]
    );

    // A service without connectors is still no connector, and a word is no guess.
    sandbox.write("bare.csv", "id,active,sources\nbare,perhaps,\n");
    assert_text!(
        sandbox.shell(&format!("{recipe} bare.csv")).stdout,
        str![[r#"{"connectors": [], "services": [{"id": "bare", "active": "perhaps"}]}"#]]
    );
    sandbox.write("short.csv", "id,name\na\n");
    let run = sandbox.shell(&format!("{recipe} short.csv"));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
}
