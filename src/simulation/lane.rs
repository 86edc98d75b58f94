//! Requests that queue for a turn: a lane of a client's pacer, shared by whoever shares the pacer.
//!
//! ```text
//!   queue ──► wait queue, by priority, then in order of coming ──► head leaves at its turn
//! ```
//!
//! In a lane that leaves at random, any of the highest priority becomes the head at each turn.
//!
//! Only the head has an event to come. When what a lane learns brings its turn forward, an earlier
//! event takes over and the old one finds that it is not the one that is due.

use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use crate::engine::Rank;
use crate::random::Purpose;
use crate::strategy::{Turn, Turns};
use crate::units::Instant;
use std::collections::VecDeque;

/// A lane, and who queues in it.
#[derive(Debug)]
pub(super) struct Lane {
    pub turns: Turns,
    pub wait_queue: VecDeque<u32>,
    /// When the event comes that counts.
    due: Option<Instant>,
    /// Heads that have been drawn.
    draws: u64,
}

impl Lane {
    pub const fn new(turns: Turns) -> Self {
        Self { turns, wait_queue: VecDeque::new(), due: None, draws: 0 }
    }

    /// True if a request that comes now leaves now.
    #[inline]
    pub fn is_ready(&mut self, now: Instant) -> bool {
        self.wait_queue.is_empty() && self.turns.ready_at(now) <= now
    }
}

impl<O: Observer> Partition<'_, O> {
    /// The lane of a request, if it is paced.
    #[inline]
    pub(super) fn lane_of(&self, number: u32) -> Option<usize> {
        let pace = self.strategy.pace.as_ref()?;
        let request = &self.requests[number];
        let lane = pace.lane(request.operation)?;
        Some(self.roster.lanes(request.process) + lane)
    }

    /// A request joins those that queue in a lane.
    pub(super) fn queue(&mut self, now: Instant, number: u32, lane: usize) {
        let place = match self.urgent {
            None => self.lanes[lane].wait_queue.len(),
            Some(_) => self.place_in(&self.lanes[lane].wait_queue, number),
        };
        self.lanes[lane].wait_queue.insert(place, number);
        self.await_turn(now, lane);
    }

    /// Sees to it that an event comes when the head of a lane may leave.
    pub(super) fn await_turn(&mut self, now: Instant, lane: usize) {
        let number = u32::try_from(lane).expect("fewer lanes than 2³²");
        self.prepare_head(lane);
        let lane = &mut self.lanes[lane];
        if lane.wait_queue.is_empty() {
            return;
        }
        let at = lane.turns.ready_at(now);
        if lane.due.is_none_or(|due| at < due) {
            lane.due = Some(at);
            self.clock.schedule(at, Rank::Start, Event::Turn(number));
        }
    }

    /// A turn may have come: whoever may leave does.
    pub(super) fn turn(&mut self, now: Instant, number: u32) {
        let place = number as usize;
        if self.lanes[place].due != Some(now) {
            return;
        }
        self.lanes[place].due = None;
        while !self.lanes[place].wait_queue.is_empty() {
            self.prepare_head(place);
            let ready = self.lanes[place].turns.ready_at(now) <= now;
            if ready && self.lanes[place].turns.leaves_at_random() {
                self.draw_head(place);
            }
            let Some(head) = self.lanes[place].wait_queue.front().copied() else { break };
            let arrived = self.requests[head].arrived;
            let lost = self.is_lost(head) || self.strategy.retry.is_too_late(now, arrived);
            let lane = &mut self.lanes[place];
            if lost {
                lane.wait_queue.pop_front();
                self.abandon(now, head);
                continue;
            }
            if !ready {
                break;
            }
            lane.turns.take(now);
            lane.wait_queue.pop_front();
            self.send_off(now, head);
        }
        self.await_turn(now, place);
    }
    /// Any of those that wait with the highest priority becomes the head of a lane.
    fn draw_head(&mut self, place: usize) {
        let head = self.lanes[place].wait_queue[0];
        let of_highest = match self.urgent {
            None => self.lanes[place].wait_queue.len(),
            Some(_) => self.place_in(&self.lanes[place].wait_queue, head),
        };
        let owner = self.requests[head].owner;
        let lane = &mut self.lanes[place];
        lane.draws += 1;
        let mut draws = self.streams.stream(Purpose::Turns, owner).at(lane.draws);
        let drawn = draws.below(of_highest as u64);
        lane.wait_queue.swap(0, usize::try_from(drawn).unwrap_or(0));
    }
}
