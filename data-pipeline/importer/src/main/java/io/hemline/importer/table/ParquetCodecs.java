package io.hemline.importer.table;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Decompresses pages without Hadoop's codecs. Immutable. */
final class ParquetCodecs implements CompressionCodecFactory {

    private static final int MAX_PAGE_BYTES = 1 << 28;

    ParquetCodecs() {}

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Decompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet files are only read");
    }

    @Override
    public void release() {}

    private static final class Decompressor implements BytesInputDecompressor {

        private final CompressionCodecName codec;

        Decompressor(CompressionCodecName codec) {
            this.codec = codec;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(unpacked(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int inputSize, ByteBuffer output, int size) throws IOException {
            byte[] packed = new byte[inputSize];
            input.get(packed);
            output.put(unpacked(packed, size));
        }

        private byte[] unpacked(byte[] packed, int size) throws IOException {
            if (size < 0 || size > MAX_PAGE_BYTES) {
                throw new IOException("a page of " + size + " bytes");
            }
            byte[] bytes = new byte[size];
            int length = switch (codec) {
                case UNCOMPRESSED -> {
                    System.arraycopy(packed, 0, bytes, 0, Math.min(size, packed.length));
                    yield packed.length;
                }
                case SNAPPY -> Snappy.uncompress(packed, 0, packed.length, bytes, 0);
                case GZIP -> {
                    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                        yield in.readNBytes(bytes, 0, size);
                    }
                }
                case ZSTD -> (int) Zstd.decompress(bytes, packed);
                default -> throw new IOException("pages compressed by " + codec);
            };
            if (length != size) {
                throw new IOException("a damaged page");
            }
            return bytes;
        }

        @Override
        public void release() {}
    }
}
