//! `connctl export`, and that an import brings back all of it.

use std::os::unix::fs::PermissionsExt;

use snapbox::str;

use crate::assert_run;
use crate::support::{SHOP, Sandbox, in_file};

/// What is hard to write down in one of the formats.
const AWKWARD: &str = r#"
[[connectors]]
id = "A.b_c:d-1"
name = "quote \" apostrophe ' backslash \\ tab \t escape \u001B[2J right-to-left \u202E"
system = "größe"
environment = "live"
group = "Ünï 東京"
note = """
[[connectors]]
id = "not one"
\"\"\" ''' # no comment \r
"""
expires_at = 2030-01-01T02:00:00.5+02:00
last_used_at = "2020-01-01T00:00:00Z"
[connectors.settings]
"key with \"quotes\" and ü" = "= [x]"
"a.b" = ["'''", "\"\"\"", "\n", ""]
day = 2026-11-21
at = 2026-11-21T10:00:00Z
time = 10:00:00
floats = [0.1, 1.0, -0.0, 1e300, 5e-324, 123456789.123456789]
integers = [0, -1, 9223372036854775807, -9223372036854775808]
mixed = [1, "two", true, [], {}, { three = { four = [{ five = 5 }] } }]
empty = {}
[connectors.settings.nested.deeper]
z = 1
a = { list = [{ x = 1 }, { y = 2 }] }

[[services]]
id = "svc"
name = "\n"
kind = "sweeper"
active = false
sources = ["A.b_c:d-1"]
destinations = ["A.b_c:d-1"]
schedule = "*/5 * * * *"
note = "[[services]]\nid = 5"
"#;

#[test]
fn an_import_into_an_empty_store_exports_the_same_bytes() {
    for content in [AWKWARD, SHOP] {
        let first = Sandbox::with(content);
        for format in ["toml", "json", "ndjson"] {
            let exported = first.export(format);
            let second = Sandbox::new();
            let run = second.run_with_input(&["import", "-", "--format", format], &exported);
            assert_eq!(run.code, 0, "{run}");
            assert_eq!(second.export(format), exported);
            assert_eq!(second.export("json"), first.export("json"));
        }
    }
}

#[test]
fn toml_is_readable() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["export"]),
        str![[r#"
exit code: 0
stdout:
  [[connectors]]
  id = "erp"
  name = "Main ERP"
  system = "netsuite"
  environment = "live"
  group = "retail"
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[connectors]]
  id = "files"
  name = "files"
  system = "http"
  environment = "testing"
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[connectors]]
  id = "shop-eu"
  name = "Shop (EU)"
  system = "shopify"
  environment = "live"
  group = "retail"
  last_used_at = "[TIME]"
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[connectors]]
  id = "shop-old"
  name = "shop-old"
  system = "shopify"
  environment = "live"
  expires_at = "[TIME]"
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[connectors]]
  id = "shop-test"
  name = 'Shop, "for tests"'
  system = "shopify"
  environment = "testing"
  note = """
  one
  two"""
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [connectors.settings]
  paths = ["/in", "/out"]
  retries = 3
  
  [[services]]
  id = "copy"
  name = "copy"
  kind = "standard"
  active = false
  sources = ["files"]
  destinations = ["files"]
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[services]]
  id = "orders"
  name = "Orders"
  kind = "standard"
  active = true
  sources = ["shop-eu"]
  destinations = ["erp"]
  schedule = "0 6 * * *"
  created_at = "[TIME]"
  updated_at = "[TIME]"
  
  [[services]]
  id = "stock"
  name = "stock"
  kind = "sweeper"
  active = true
  sources = ["erp"]
  destinations = ["shop-eu"]
  created_at = "[TIME]"
  updated_at = "[TIME]"
stderr:

"#]]
    );
}

#[test]
fn json_and_ndjson_have_one_record_a_line() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["export", "--format", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"connectors":[
  {"id":"erp","name":"Main ERP","system":"netsuite","environment":"live","group":"retail","created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"files","name":"files","system":"http","environment":"testing","created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"shop-eu","name":"Shop (EU)","system":"shopify","environment":"live","group":"retail","last_used_at":"[TIME]","created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"shop-old","name":"shop-old","system":"shopify","environment":"live","expires_at":"[TIME]","created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"shop-test","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","note":"one\ntwo","created_at":"[TIME]","updated_at":"[TIME]","settings":{"paths":["/in","/out"],"retries":3}}
  ],
  "services":[
  {"id":"copy","name":"copy","kind":"standard","active":false,"sources":["files"],"destinations":["files"],"created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"orders","name":"Orders","kind":"standard","active":true,"sources":["shop-eu"],"destinations":["erp"],"schedule":"0 6 * * *","created_at":"[TIME]","updated_at":"[TIME]"},
  {"id":"stock","name":"stock","kind":"sweeper","active":true,"sources":["erp"],"destinations":["shop-eu"],"created_at":"[TIME]","updated_at":"[TIME]"}
  ]}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["export", "--format", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"type":"connector","id":"erp","name":"Main ERP","system":"netsuite","environment":"live","group":"retail","created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"connector","id":"files","name":"files","system":"http","environment":"testing","created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"connector","id":"shop-eu","name":"Shop (EU)","system":"shopify","environment":"live","group":"retail","last_used_at":"[TIME]","created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"connector","id":"shop-old","name":"shop-old","system":"shopify","environment":"live","expires_at":"[TIME]","created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"connector","id":"shop-test","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","note":"one\ntwo","created_at":"[TIME]","updated_at":"[TIME]","settings":{"paths":["/in","/out"],"retries":3}}
  {"type":"service","id":"copy","name":"copy","kind":"standard","active":false,"sources":["files"],"destinations":["files"],"created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"service","id":"orders","name":"Orders","kind":"standard","active":true,"sources":["shop-eu"],"destinations":["erp"],"schedule":"0 6 * * *","created_at":"[TIME]","updated_at":"[TIME]"}
  {"type":"service","id":"stock","name":"stock","kind":"sweeper","active":true,"sources":["erp"],"destinations":["shop-eu"],"created_at":"[TIME]","updated_at":"[TIME]"}
stderr:

"#]]
    );
}

#[test]
fn an_empty_store_is_an_empty_file_of_each_format() {
    let sandbox = Sandbox::with("");
    for (format, expected) in [
        ("toml", ""),
        ("json", "{\"connectors\":[],\n\"services\":[]}\n"),
        ("ndjson", ""),
    ] {
        assert_eq!(sandbox.export(format), expected);
    }
}

#[test]
fn null_needs_json() {
    let sandbox = Sandbox::with_shop();
    let setting = ["--set", r#"deep={"list":[1,null]}"#];
    let run = sandbox.run(&[&["edit", "erp"], &setting[..]].concat());
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        sandbox.run(&["export", "out.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the setting deep.list[1] of connector erp is null, which TOML cannot express
  hint: use a file that ends in .json or .ndjson, or give its --format

"#]]
    );
    assert_run!(
        sandbox.run(&["export"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the setting deep.list[1] of connector erp is null, which TOML cannot express
  hint: use a file that ends in .json or .ndjson, or give its --format

"#]]
    );
    assert!(!sandbox.path("out.toml").exists());
    assert_run!(
        sandbox.run(&["export", "out.json", "-q"]),
        str![[r#"
exit code: 0
stdout:
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "out.json", "--replace"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 0 replaced, 5 unchanged; 0 services added, 0 replaced, 3 unchanged.

"#]]
    );
}

#[test]
fn the_largest_number_survives_each_format() {
    let sandbox = Sandbox::with_shop();
    let setting = ["--set", "large=18446744073709551615"];
    let run = sandbox.run(&[&["edit", "erp"], &setting[..]].concat());
    assert_eq!(run.code, 0, "{run}");
    for format in ["toml", "json", "ndjson"] {
        let input = sandbox.export(format);
        let run = sandbox.run_with_input(&["import", "-", "--replace", "--format", format], input);
        assert!(run.stderr.contains(" 0 replaced, 5 unchanged"), "{run}");
    }
}

#[test]
fn a_file_is_private_and_its_ending_tells_the_format() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["export", "out.json"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Exported to out.json.

"#]]
    );
    let run = sandbox.run(&["export", "out.yaml"]);
    assert_eq!(run.stderr, "Exported to out.yaml as TOML.\n");
    let run = sandbox.run(&["export", "out.txt", "--format", "json"]);
    assert_eq!(run.stderr, "Exported to out.txt.\n");
    let file = sandbox.path("out.json");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        sandbox.export("json")
    );
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["export", "missing/out.toml"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write missing/out.toml: No such file or directory (os error 2)

"#]]
    );
    assert_run!(
        sandbox.run(&["export", "/dev/full"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write /dev/full: No space left on device (os error 28)

"#]]
    );
    assert_run!(
        sandbox.run(&["export", "."]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write .: Is a directory (os error 21)

"#]]
    );
}

#[test]
fn an_export_has_no_output_format_but_a_file_format() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["export", "-o", "json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"this command has no output format json","hint":"name the format of the file with --format","exit_code":2}}

"#]]
    );
}

#[test]
fn a_pipe_into_another_store_copies_it() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.shell("connctl export | connctl --store copy.db import -"),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 5 connectors and 3 services.

"#]]
    );
    assert_eq!(
        sandbox.run(&["--store", "copy.db", "export"]).stdout,
        sandbox.run(&["export"]).stdout
    );
}

#[test]
fn the_store_is_never_written_over() {
    in_file();
    let sandbox = Sandbox::with_shop();
    std::os::unix::fs::symlink("store.db", sandbox.path("link")).unwrap();
    assert_run!(
        sandbox.refused(&["export", "store.db"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: store.db is the store itself; nothing was written
  hint: name another file

"#]]
    );
    assert_run!(
        sandbox.refused(&["export", "link"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: link is the store itself; nothing was written
  hint: name another file

"#]]
    );
}

#[test]
fn secrets_are_left_out_and_stay_where_such_a_file_is_imported() {
    let sandbox = Sandbox::with_secret("s3cret");
    let whole = sandbox.export("json");
    for file in ["bare.json", "bare.ndjson", "bare.toml"] {
        let run = sandbox.run(&["export", file, "--no-secrets"]);
        assert_eq!(run.code, 0, "{run}");
        let content = std::fs::read_to_string(sandbox.path(file)).unwrap();
        assert!(content.contains("stripe"), "{content}");
        assert!(!content.contains("api_key"), "{content}");
        assert!(!content.contains("BEGIN AGE"), "{content}");
        let run = sandbox.run(&["import", file, "--replace"]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(sandbox.export("json"), whole);
    }
}
