//! `connctl delete`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn what_is_in_use_stays_and_the_way_out_is_named() {
    let sandbox = Sandbox::with_example();
    assert_run!(
        sandbox.run(&["delete", "tap-slack-prod", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: tap-slack-prod is in use by 1 service and was not deleted
    SERVICE        ROLE    STATUS
    slack-el-prod  source  active
  hint: point the service at another connector: connctl service edit slack-el-prod --source ID --source tap-slack-public-prod
        or remove it: connctl service delete slack-el-prod

"#]]
    );
}
