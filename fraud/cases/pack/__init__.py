"""The review pack: workbook, page, drawings, manifest."""
