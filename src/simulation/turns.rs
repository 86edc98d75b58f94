//! Requests that queue for a turn: a lane of a client's pacer, shared by whoever shares the pacer.
//!
//! ```text
//!   queue ──► wait_queue, by priority, then by coming ──► the head leaves when its turn is ready
//! ```
//!
//! In a lane that leaves at random, any of the highest priority becomes the head at each turn.
//!
//! Only the head has an event to come. When what a lane learns brings its turn forward, an earlier
//! event takes over and the old one finds that it is not the one that is due.

use super::callers::LaneId;
use super::index::RequestId;
use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use crate::engine::Rank;
use crate::random::Purpose;
use crate::strategy::Turn;
use crate::units::Instant;

impl<O: Observer> Partition<'_, O> {
    /// The lane of a request, if it is paced.
    #[inline]
    pub(super) fn lane_of(&self, number: RequestId) -> Option<LaneId> {
        let pace = self.set.strategy.pace.as_ref()?;
        let request = &self.transit[number];
        let lane = pace.lane(request.operation)?;
        Some(self.callers.lane_id(request.process, lane))
    }

    /// A request joins those that queue in a lane.
    pub(super) fn queue(&mut self, now: Instant, number: RequestId, lane: LaneId) {
        let place = match self.set.urgent {
            None => self.callers.lane(lane).wait_queue.len(),
            Some(_) => self.place_in(&self.callers.lane(lane).wait_queue, number),
        };
        self.callers.lane_mut(lane).wait_queue.insert(place, number);
        self.await_turn(now, lane);
    }

    /// Sees to it that an event comes when the head of a lane may leave.
    pub(super) fn await_turn(&mut self, now: Instant, lane: LaneId) {
        self.prepare_head(lane);
        let number = lane;
        let lane = self.callers.lane_mut(lane);
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
    pub(super) fn turn(&mut self, now: Instant, place: LaneId) {
        if self.callers.lane_mut(place).due != Some(now) {
            return;
        }
        self.callers.lane_mut(place).due = None;
        while !self.callers.lane_mut(place).wait_queue.is_empty() {
            self.prepare_head(place);
            let ready = self.callers.lane_mut(place).turns.ready_at(now) <= now;
            if ready && self.callers.lane_mut(place).turns.leaves_at_random() {
                self.draw_head(place);
            }
            let Some(head) = self.callers.lane_mut(place).wait_queue.front().copied() else {
                break;
            };
            let arrived = self.transit[head].arrived;
            let lost = self.is_lost(head) || self.set.strategy.retry.is_too_late(now, arrived);
            let lane = self.callers.lane_mut(place);
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
            self.send(now, head);
        }
        self.await_turn(now, place);
    }
    /// Any of those that wait with the highest priority becomes the head of a lane.
    fn draw_head(&mut self, place: LaneId) {
        let head = self.callers.lane_mut(place).wait_queue[0];
        let of_highest = match self.set.urgent {
            None => self.callers.lane_mut(place).wait_queue.len(),
            Some(_) => self.place_in(&self.callers.lane(place).wait_queue, head),
        };
        let owner = self.transit[head].owner;
        let lane = self.callers.lane_mut(place);
        lane.draws += 1;
        let mut draws = self.set.streams.stream(Purpose::Turns, owner).at(lane.draws);
        let drawn = draws.below(of_highest as u64);
        lane.wait_queue.swap(0, usize::try_from(drawn).unwrap_or(0));
    }
}
