"""Learned tables that do not fit the code or the languages are refused, with the mend."""

import numpy as np
import pytest

from aggregator.errors import LanguageError
from aggregator.languages import languages
from aggregator.match.crosslang.learned import Regression, check_model, check_tables, learned


def test_what_is_shipped_fits() -> None:
    check_tables()


def test_every_shipped_language_was_studied() -> None:
    assert set(learned().prior.languages) == set(languages())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"languages": ("bg", "xx", "kk", "en", "uz", "zh")}, "common.npz: there is no language 'xx': write aggregator/languages/xx.toml"),
        ({"languages": ("bg", "ru")}, "common.npz: counts and unseen must have a column for each of bg, ru"),
        ({"languages": ("bg",) * 40}, "common.npz: 40 languages are more than 31"),
        ({"unseen": np.ones(3)}, "common.npz: counts and unseen must have a column for each"),
    ],
)  # fmt: skip
def test_counts_that_do_not_fit_the_languages(change: dict[str, object], said: str) -> None:
    model = learned()
    prior = model.prior._replace(**change)  # type: ignore[arg-type]
    with pytest.raises(LanguageError) as error:
        check_model(model._replace(prior=prior))

    assert str(error.value).startswith(said)


def test_a_model_of_other_features() -> None:
    with pytest.raises(LanguageError, match=r"model\.json: there is no feature 'luck' of pairs"):
        check_model(learned()._replace(full=Regression(0.0, {"luck": 1.0})))
    with pytest.raises(LanguageError, match=r"model\.json: kind_weights: there must be 8"):
        check_model(learned()._replace(kind_weights=np.ones(6, dtype=np.float32)))
