//! What people and programs read of a study.

pub mod summary;
