//! What people and programs read of a study.

pub mod csv;
pub mod summary;
pub mod table;
pub mod words;
