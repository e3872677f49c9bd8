"""A checkpoint's tensors as another program reads them: checkpoint_files_test.py MAKE_CHECKPOINT

safetensors is read by its definition: 8 bytes of length, that much JSON, then the tensors without a gap.
"""

import json
import math
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAKE_CHECKPOINT = sys.argv.pop(1)


def read_safetensors(file):
    data = file.read_bytes()
    (size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    values, tensors, end = data[8 + size :], {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        assert (begin, entry["dtype"]) == (end, "F32"), name
        assert stop - begin == 4 * math.prod(entry["shape"]), name
        tensors[name] = (entry["shape"], struct.unpack_from(f"<{(stop - begin) // 4}f", values, begin))
        end = stop
    assert end == len(values) and size % 8 == 0
    return tensors, metadata


class CheckpointFiles(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name) / "checkpoint"
        subprocess.run([MAKE_CHECKPOINT, self.folder, "labelled"], check=True, capture_output=True)

    def test_weights_are_named_and_finite(self):
        tensors, metadata = read_safetensors(self.folder / "model.safetensors")
        self.assertEqual(metadata, {"format": "heddle"})
        self.assertTrue(tensors)
        for name, (shape, values) in tensors.items():
            self.assertTrue(name.startswith("policy."), name)
            self.assertTrue(all(map(math.isfinite, values)), name)
            self.assertTrue(all(size > 0 for size in shape), name)

    def test_scales_are_of_the_dimensions_that_the_card_names(self):
        tensors, _ = read_safetensors(self.folder / "stats.safetensors")
        self.assertEqual(tensors["numbers.scale"], ([5], (0.5,) * 5))
        self.assertEqual(tensors["actions.centre"], ([2], (0.0, 0.0)))
        self.assertEqual(json.loads((self.folder / "config.json").read_text())["layout"]["action_steps"], 8)


if __name__ == "__main__":
    unittest.main()
