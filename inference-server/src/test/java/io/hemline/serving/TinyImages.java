package io.hemline.serving;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Draws pictures for tests that only need one. */
final class TinyImages {

    private TinyImages() {}

    /** A red picture as a PNG file. */
    static Path png(Path folder, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0xc03020);
        }
        Path file = folder.resolve("red.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }
}
