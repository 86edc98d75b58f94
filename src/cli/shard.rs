//! `--shard K/N`: which points of a sweep are this machine's.
//!
//! ```text
//!   point p belongs to shard K of N if p mod N = K − 1
//!   auto     K and N as Slurm, Kubernetes or AWS Batch tell a task of an array
//!   auto/N   K alone; for tasks of an array that are run again by themselves
//! ```
//!
//! Sources of the variables: Slurm, job array support; Kubernetes, indexed Jobs
//! (`JOB_COMPLETION_INDEX`, from 0; it tells no N); AWS Batch, array jobs
//! (`AWS_BATCH_JOB_ARRAY_INDEX`, from 0).

/// A part of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// True of the points that are its own.
    pub const fn has(self, point: usize) -> bool {
        self.of > 0 && point % self.of + 1 == self.number
    }

    /// Reads `K/N`, `auto` or `auto/N`; `tells` looks up a variable of the environment.
    pub fn read(text: &str, tells: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let example = "write --shard 2/8, or --shard auto within an array job";
        let (number, of) = match text.split_once('/') {
            Some((number, of)) => (number, Some(of)),
            None => (text, None),
        };
        let whole = |text: &str| text.parse::<usize>().ok().filter(|number| *number >= 1);
        let of = match of {
            Some(of) => Some(whole(of).ok_or(format!("`{of}` is no number of shards: {example}"))?),
            None => None,
        };
        let (number, of) = match number {
            "auto" => {
                let (index, told) = task(&tells).ok_or_else(|| {
                    format!(
                        "--shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX nor \
                         AWS_BATCH_JOB_ARRAY_INDEX is set: {example}"
                    )
                })?;
                let of = of.or(told).ok_or_else(|| {
                    "--shard auto: this scheduler does not tell how many tasks there are: write \
                     --shard auto/8"
                        .to_string()
                })?;
                (index + 1, of)
            }
            number => {
                let number = whole(number).ok_or(format!("`{text}` is no shard: {example}"))?;
                (number, of.ok_or(format!("`{text}` is a shard of how many? {example}"))?)
            }
        };
        if number > of {
            return Err(format!("there is no shard {number} of {of}"));
        }
        Ok(Self { number, of })
    }
}

/// Which task of its array this is, from 0, and how many there are, if that is told.
fn task(tells: &impl Fn(&str) -> Option<String>) -> Option<(usize, Option<usize>)> {
    let number = |name: &str| tells(name)?.parse::<usize>().ok();
    if let Some(id) = number("SLURM_ARRAY_TASK_ID") {
        let first = number("SLURM_ARRAY_TASK_MIN").unwrap_or(0);
        let step = number("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1);
        return Some((id.checked_sub(first)? / step, number("SLURM_ARRAY_TASK_COUNT")));
    }
    if let Some(index) = number("JOB_COMPLETION_INDEX") {
        return Some((index, None));
    }
    Some((number("AWS_BATCH_JOB_ARRAY_INDEX")?, number("AWS_BATCH_JOB_ARRAY_SIZE")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, set: &[(&str, &str)]) -> Result<(usize, usize), String> {
        let tells = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_string())
        };
        Shard::read(text, tells).map(|shard| (shard.number, shard.of))
    }

    #[test]
    fn shards_are_told_by_hand_or_by_the_scheduler() {
        assert_eq!(read("2/8", &[]), Ok((2, 8)));
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ];
        assert_eq!(read("auto", &slurm), Ok((3, 4)));
        assert_eq!(read("auto/4", &[("JOB_COMPLETION_INDEX", "0")]), Ok((1, 4)));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "7"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")];
        assert_eq!(read("auto", &batch), Ok((8, 8)));
    }

    #[test]
    fn what_is_no_shard_is_told() {
        for (text, part) in [
            ("0/4", "`0/4` is no shard"),
            ("5/4", "no shard 5 of 4"),
            ("3", "a shard of how many?"),
            ("1/x", "`x` is no number of shards"),
            ("auto", "SLURM_ARRAY_TASK_ID"),
        ] {
            let message = read(text, &[]).expect_err("an error");
            assert!(message.contains(part), "{message}");
        }
        let message = read("auto", &[("JOB_COMPLETION_INDEX", "1")]).expect_err("an error");
        assert!(message.contains("auto/8"), "{message}");
    }

    #[test]
    fn every_point_belongs_to_one_shard() {
        for point in 0..100 {
            let owners = (1..=7).filter(|number| Shard { number: *number, of: 7 }.has(point));
            assert_eq!(owners.count(), 1);
        }
    }
}
