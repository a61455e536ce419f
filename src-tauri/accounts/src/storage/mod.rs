//! The files in the data folder, and the environment variables.

pub mod activity_file;
pub mod environment;
pub mod files;
pub mod folders;
pub mod registry_file;
pub mod service_name;
pub mod settings_file;
pub mod system_clock;
