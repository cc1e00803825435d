"""What every implementation of an interface must do, written once and run against each."""

import pytest

pytest.register_assert_rewrite("tests.contracts.provider_contract")
