"""Random people take random steps: whatever they try, what is released went through three of them."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dafeng.releases import RELEASE_ID_LENGTH, manifest_id_of
from gateway.jobs.store import open_store
from gateway.release.content import digest_of_content
from gateway.release.manifest import substance_of, text_of
from gateway.release.rows import ReleaseRow
from gateway.release.steps import Act, path_fault
from gateway.release.store import ReleaseStore
from gateway.release.words import ReleaseManifest
from services.common.acting import Actor
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, Scenario
from services.common.words import ReleaseStatus, Revision

CONTENT = b"frozen"
PEOPLE = st.sampled_from(["an", "bo", "chen", "du", "local", "robot"])
TITLES = st.sampled_from(["first", "second"])
REFUSALS = {"RELEASE_STATE", "SAME_PERSON", "NOT_ALLOWED", "UNKNOWN_RELEASE"}


def row_of(title):
    manifest = ReleaseManifest(
        title, Frame(region="jiangsu"), Scenario(), DispatchMode.FAST, Revision("1", "2"), "result",
        digest_of_content(CONTENT), "cpu", 2030, 1.0, (), (), (), ("power",), "jiangsu",
    )  # fmt: skip
    text = text_of(manifest)
    manifest_id = manifest_id_of(text)
    return ReleaseRow(
        manifest_id[:RELEASE_ID_LENGTH], 0, manifest_id, substance_of(manifest), "jiangsu", "jiangsu", text
    )


class Rounds(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_store(f"sqlite:///{Path(self.folder.name) / 's.sqlite'}")
        self.store = ReleaseStore(self.opened.database)
        self.rows = {title: row_of(title) for title in ("first", "second")}
        self.seen = {}

    def tried(self, do):
        try:
            release = do()
        except DomainError as error:
            assert error.reason in REFUSALS, error
        else:
            self.seen.setdefault(release.release_id, release)

    def who(self, name):
        return Actor(name, frozenset(), ("*",), "system" if name == "robot" else "person")

    @rule(name=PEOPLE, title=TITLES)
    def submit(self, name, title):
        self.tried(lambda: self.store.submit(self.rows[title], CONTENT, self.who(name), "why"))

    @rule(name=PEOPLE, title=TITLES, act=st.sampled_from([Act.APPROVE, Act.RETURN, Act.WITHDRAW]))
    def take(self, name, title, act):
        self.tried(lambda: self.store.take(self.rows[title].release_id, act, self.who(name), "why"))

    @rule(name=PEOPLE, title=TITLES, instead=st.booleans())
    def release(self, name, title, instead):
        other = self.rows["second" if title == "first" else "first"].release_id if instead else ""
        given = (self.rows[title].release_id, self.who(name), "why", "signature", "key", other)
        self.tried(lambda: self.store.release(*given))

    @invariant()
    def whatever_is_released_went_through_three_people(self):
        parts = {"author": set(), "reviewer": set(), "releaser": set()}
        for release_id in getattr(self, "seen", {}):
            release = self.store.get(release_id)
            assert not path_fault([s.status for s in release.steps])
            assert release.status is release.steps[-1].status
            for step in release.steps:
                if step.status is ReleaseStatus.SUBMITTED:
                    parts["author"].add(step.actor)
                elif step.status in (ReleaseStatus.REVIEWED, ReleaseStatus.INTERNAL):
                    parts["reviewer"].add(step.actor)
                    assert step.actor not in ("local", "robot")
                elif step.status is ReleaseStatus.RELEASED:
                    parts["releaser"].add(step.actor)
                    assert step.actor not in ("local", "robot") and release.signature
        assert not parts["author"] & parts["reviewer"]
        assert not (parts["author"] | parts["reviewer"]) & parts["releaser"]

    def teardown(self):
        if hasattr(self, "store"):
            assert not self.store.faults()
            self.opened.close()
            self.folder.cleanup()


Rounds.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestRounds = Rounds.TestCase
