"""Artifacts: export to ONNX, golden answers, manifest, card, verification, signatures."""
