//! Where a machine is that has a name.

use std::io;
use std::net::IpAddr;

/// The addresses of a machine, the likeliest first.
#[cfg(not(target_feature = "crt-static"))]
pub fn addresses_of(name: &str) -> io::Result<Vec<IpAddr>> {
    use std::net::ToSocketAddrs;
    let found = (name, 0).to_socket_addrs()?;
    Ok(found.map(|address| address.ip()).collect())
}

#[cfg(target_feature = "crt-static")]
pub use asked::addresses_of;

#[cfg(any(target_feature = "crt-static", test))]
mod asked {
    use super::{IpAddr, io};
    use crate::platform::getent;

    pub fn addresses_of(name: &str) -> io::Result<Vec<IpAddr>> {
        if let Ok(address) = name.parse() {
            return Ok(vec![address]);
        }
        let unknown = || io::Error::new(io::ErrorKind::NotFound, "the name is not known");
        if name.starts_with('-') {
            return Err(unknown());
        }
        let answer = getent::ask("ahosts", name).ok_or_else(unknown)?;
        let mut found = Vec::new();
        for line in String::from_utf8_lossy(&answer).lines() {
            let address = line.split_whitespace().next().map(str::parse);
            if let Some(Ok(address)) = address
                && !found.contains(&address)
            {
                found.push(address);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_same_addresses_whoever_is_asked() {
        for addresses in [addresses_of("localhost"), asked::addresses_of("localhost")] {
            assert!(addresses.unwrap().iter().all(IpAddr::is_loopback));
        }
        let address: IpAddr = "10.1.2.3".parse().unwrap();
        assert_eq!(asked::addresses_of("10.1.2.3").unwrap(), [address]);
        assert!(asked::addresses_of("--help").is_err());
    }
}
