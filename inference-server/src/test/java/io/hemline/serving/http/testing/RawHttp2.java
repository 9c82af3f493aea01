package io.hemline.serving.http.testing;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * One connection of HTTP/2, frame by frame, so that it can leave out what others do.
 *
 * <p>Confined to one thread that writes and one that reads.
 */
public final class RawHttp2 implements AutoCloseable {

    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int GOAWAY = 7;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int PRIORITY = 32;
    private static final int PRIORITY_BYTES = 5;

    public static final int PROTOCOL_ERROR = 1;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int ENHANCE_YOUR_CALM = 11;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final Http2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();

    /** Says hello over a socket; nothing is read yet. */
    public RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(15_000);
        out = new BufferedOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, Buffer.buffer());
    }

    /** A connection in clear to a port of this machine. */
    public static RawHttp2 inClear(int port) throws IOException {
        return new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Puts a frame into the buffer of what is to be sent. */
    public void send(int type, int flags, int stream, Buffer payload) throws IOException {
        out.write(Buffer.buffer()
                .appendUnsignedByte((short) 0)
                .appendUnsignedShort(payload.length())
                .appendUnsignedByte((short) type)
                .appendUnsignedByte((short) flags)
                .appendInt(stream)
                .appendBuffer(payload)
                .getBytes());
    }

    /** Appends a whole GET. */
    public void get(int stream, String path) throws IOException {
        // GET and https are in HPACK's own table, as are the names of :authority and :path.
        Buffer block = Buffer.buffer(new byte[] {(byte) 0x82, (byte) 0x87, 0x01, 1})
                .appendString("x")
                .appendBytes(new byte[] {0x04, (byte) path.length()})
                .appendString(path);
        send(HEADERS, END_STREAM | END_HEADERS, stream, block);
    }

    /** Appends a reset of a stream. */
    public void cancel(int stream) throws IOException {
        send(RST_STREAM, 0, stream, Buffer.buffer().appendInt(CANCEL));
    }

    /** The error code of GOAWAY; −1 when the connection closes without one. */
    public int goaway() throws IOException {
        try {
            while (true) {
                Frame frame = read();
                if (frame.type() == GOAWAY) {
                    return frame.error();
                }
            }
        } catch (EOFException | SocketException e) {
            return -1;
        }
    }

    /** Sends requests and resets them, that many times or until the connection closes. */
    public void requestAndReset(String path, int times) {
        try {
            for (int i = 0; i < times; i++) {
                get(2 * i + 1, path + i);
                cancel(2 * i + 1);
            }
            flush();
        } catch (IOException e) {
            // The other side hung up, as it should.
        }
    }

    /** Puts into it that the other side's settings are heeded. */
    public void acknowledge() throws IOException {
        send(SETTINGS, ACK, 0, Buffer.buffer());
    }

    /** Sends what is in the buffer. */
    public void flush() throws IOException {
        out.flush();
    }

    /** The next frame of the other side, at the latest in fifteen seconds. */
    public Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, Buffer.buffer(in.readNBytes(length)));
    }

    /** The status in a frame of headers; of every such frame of a connection, in their order. */
    public int status(Frame frame) throws IOException {
        int start = (frame.flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
        byte[] block = frame.payload.getBytes(start, frame.payload.length());
        try {
            return Integer.parseInt(headers.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(block))
                    .status()
                    .toString());
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What came. */
    public record Frame(int type, int flags, int stream, Buffer payload) {

        /** Why, of a frame that ends a stream or the connection. */
        public int error() {
            return payload.getInt(type == GOAWAY ? Integer.BYTES : 0);
        }
    }
}
