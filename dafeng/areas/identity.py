"""Client of identity: who the gateway takes the caller for."""

import grpc

from dafeng.calling import Caller
from dafeng.identity.v1 import identity_pb2, identity_pb2_grpc


class IdentityClient(Caller):
    """Who asks, and what they may do (dafeng.identity.v1)."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = identity_pb2_grpc.IdentityServiceStub(channel)

    def who_am_i(self) -> identity_pb2.WhoAmIResponse:
        """The caller, its roles and scopes, and the acts that they allow."""
        return self.call(self.stub.WhoAmI, identity_pb2.WhoAmIRequest())
