"""Release control: results handed in, reviewed and released by three people; and what anybody may read of them."""

from collections.abc import Iterable, Iterator

import grpc

from dafeng.calling import Caller
from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import modes_pb2
from dafeng.release.v1 import release_pb2, release_pb2_grpc


class ReleaseClient(Caller):
    """Calls dafeng.release.v1.ReleaseService and PublicReleaseService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = release_pb2_grpc.ReleaseServiceStub(channel)
        self._public = release_pb2_grpc.PublicReleaseServiceStub(channel)

    def submit(
        self,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        title: str,
        reason: str,
        mode: modes_pb2.DispatchMode.ValueType = modes_pb2.DISPATCH_MODE_UNSPECIFIED,
    ) -> release_pb2.Release:
        """Calculate, freeze and hand in a result; the same content again is the same release."""
        request = release_pb2.SubmitResultRequest(
            frame=frame, scenario=scenario, mode=mode, title=title, reason=reason
        )
        return self.call(self._stub.SubmitResult, request).release

    def review(self, release_id: str, reason: str, *, approved: bool) -> release_pb2.Release:
        """Approve a submitted result, or return it to its author. Approving calculates it again."""
        request = release_pb2.ReviewResultRequest(release_id=release_id, approved=approved, reason=reason)
        return self.call(self._stub.ReviewResult, request).release

    def release(self, release_id: str, reason: str, supersedes: str = "") -> release_pb2.Release:
        """Release a reviewed result, in place of another one when it is named."""
        request = release_pb2.ReleaseResultRequest(
            release_id=release_id, reason=reason, supersedes=supersedes
        )
        return self.call(self._stub.ReleaseResult, request).release

    def withdraw(self, release_id: str, reason: str) -> release_pb2.Release:
        """Withdraw a released result: it stays retrievable, with the reason."""
        request = release_pb2.WithdrawResultRequest(release_id=release_id, reason=reason)
        return self.call(self._stub.WithdrawResult, request).release

    def get(self, release_id: str, *, with_projection: bool = False) -> release_pb2.GetReleaseResponse:
        """A release that the caller may see, with its steps."""
        request = release_pb2.GetReleaseRequest(release_id=release_id, with_projection=with_projection)
        return self.call(self._stub.GetRelease, request)

    def list(
        self, region: str = "", states: Iterable[common_pb2.ReleaseStatus.ValueType] = ()
    ) -> Iterator[release_pb2.Release]:
        """Every release that the caller may see, the newest first."""
        request = release_pb2.ListReleasesRequest(region=region, states=states)
        for reply in self.pages(self._stub.ListReleases, request):
            yield from reply.releases

    def released(self, region: str = "", *, with_past: bool = False) -> Iterator[release_pb2.Release]:
        """Every released result, the newest first. Needs no token."""
        request = release_pb2.ListReleasedRequest(region=region, with_past=with_past)
        for reply in self.pages(self._public.ListReleased, request):
            yield from reply.releases

    def get_released(self, release_id: str) -> release_pb2.GetReleasedResponse:
        """A released result with everything that proves it (see dafeng.releases.check). Needs no token."""
        return self.call(self._public.GetReleased, release_pb2.GetReleasedRequest(release_id=release_id))

    def export(self, release_id: str, language: str = "zh") -> release_pb2.ExportReleasedResponse:
        """The workbook of a released result. Needs no token."""
        request = release_pb2.ExportReleasedRequest(release_id=release_id, language=language)
        return self.call(self._public.ExportReleased, request)
