"""What people read about evidence, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    "report_model_quality": "Model quality",
    "report_model_quality_constraints": "Model quality constraints",
    "report_data_quality": "Data quality",
    "report_data_quality_constraints": "Data quality constraints",
    "report_bias": "Bias",
    "report_bias_before_training": "Bias before training",
    "report_bias_after_training": "Bias after training",
    "report_explainability": "Explainability",
    "report_model_card": "Model card",
    "note_too_long": "{report} is longer than {count} kB and was not read.",
    "note_not_json": "{report} is not JSON and was not read.",
    "note_no_numbers": "{report} has no single numbers.",
    "note_not_in_s3": "{report} is not in S3 and was not read.",
    "note_unreadable": "{report} could not be read.",
    "note_metrics_left_out": "Metrics not shown: {count}.",
    "note_s3_busy": "AWS is busy, so the evidence was not read yet.",
}
