//! How the program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|v| v == value);
    // At a fixed address. Otherwise every start writes the addresses of all tables of the program, 3 MB of it, which takes
    // as long as all the rest of a small query. Heap, stack and libraries stand at random addresses as before.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
