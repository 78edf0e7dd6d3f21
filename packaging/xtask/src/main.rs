//! temporary
mod licences;
fn main() -> anyhow::Result<()> {
    licences::run(std::path::Path::new("."), std::env::args().any(|a| a == "--write"))
}
