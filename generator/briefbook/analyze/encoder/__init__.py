"""The small encoder and what it reads: word pieces in, spans out."""

from briefbook.analyze.encoder.heads import LABELS, Content, Fit, Marks
from briefbook.analyze.encoder.pieces import SHAPES, EncoderError, WordPieces
from briefbook.analyze.encoder.runtime import FOLDER, Encoder

__all__ = ["FOLDER", "LABELS", "SHAPES", "Content", "Encoder", "EncoderError", "Fit", "Marks", "WordPieces"]
