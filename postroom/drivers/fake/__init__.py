"""The simulated mail platform: product code, for demonstrations, for developers and for our own tests."""

from postroom.drivers.fake.platform import FakePlatform

__all__ = ["FakePlatform"]
