"""What the processes beside a served page load, loaded once for those of all tests."""

from tests.warm import load_all

load_all()
