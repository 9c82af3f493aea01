package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A store in a folder, laid out as {@code FORMAT.md} says. Thread-safe: it keeps no state but the folder's path. */
public final class FolderStore implements ModelStore {

    /*
     * Pruning against pointing
     *
     * There is no lock, for a trainer in another language on another machine may write as well. Instead `promote` writes
     * the pointer and then looks whether the version is still there, and `prune` first hides the version by a rename and
     * then looks whether a pointer names it. Whichever comes second sees the other, and `prune` brings the folder back.
     */

    static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final int MAX_VERSION = 999_999_999;
    private static final String PRUNED = ".pruned-";

    private final Path root;
    private final SignaturePolicy policy;

    /** A store whose signatures are not looked at. */
    public FolderStore(Path root) {
        this(root, SignaturePolicy.UNCHECKED);
    }

    public FolderStore(Path root, SignaturePolicy policy) {
        this.root = requireNonNull(root, "root");
        this.policy = requireNonNull(policy, "policy");
    }

    /** The folder of this store. */
    public Path root() {
        return root;
    }

    @Override
    public List<String> models() {
        List<String> models = new ArrayList<>();
        for (Path entry : entries(existing(root))) {
            String name = entry.getFileName().toString();
            if (ManifestRules.isModelName(name) && Files.isDirectory(entry.resolve("versions"))) {
                models.add(name);
            }
        }
        return models;
    }

    @Override
    public List<StoredVersion> versions(String model) {
        List<Integer> numbers = numbers(model);
        numbers.sort(Comparator.reverseOrder());
        return numbers.stream().map(version -> stored(model, version)).toList();
    }

    @Override
    public OptionalInt wished(String model, Channel channel) {
        return pointer(model, channel).read();
    }

    @Override
    public Artifact verify(String model, int version) {
        return verification(model, version).full();
    }

    @Override
    public Artifact copy(String model, int version, Path folder) {
        return verification(model, version).copied(folder);
    }

    @Override
    public void promote(String model, int version, Channel channel) {
        verify(model, version);
        point(model, version, channel);
    }

    @Override
    public int rollback(String model, Channel channel) {
        int wished = wishedOrRefuse(model, channel);
        int target = new Rollback(model, channel, wished).target(numbers(model), version -> isIntact(model, version));
        point(model, target, channel);
        return target;
    }

    @Override
    public void rollback(String model, Channel channel, int version) {
        new Rollback(model, channel, wishedOrRefuse(model, channel)).checkTarget(version);
        promote(model, version, channel);
    }

    @Override
    public List<Integer> prune(String model, int keep) {
        if (keep < 1) {
            throw new StoreException("at least one version must be kept, not " + keep);
        }
        List<Integer> numbers = numbers(model);
        List<Integer> pruned = new ArrayList<>();
        for (int version : numbers.subList(0, Math.max(0, numbers.size() - keep))) {
            if (channels(model, version).isEmpty() && delete(model, version)) {
                pruned.add(version);
            }
        }
        return pruned;
    }

    @Override
    public String toString() {
        return root.toString();
    }

    @Override
    public String stamp(String model, int version) {
        Path folder = folder(model, version);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        StringBuilder stamp = new StringBuilder();
        try {
            for (Path file : Folders.entries(folder)) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                stamp.append(file.getFileName()).append(' ').append(attributes.size());
                stamp.append(' ')
                        .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
                        .append('\n');
            }
            return stamp.toString();
        } catch (IOException e) {
            throw new StoreException("cannot read " + folder + ": " + e, e);
        }
    }

    private void point(String model, int version, Channel channel) {
        pointer(model, channel).write(version);
        if (!Files.isDirectory(folder(model, version), LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(String.format(
                    Locale.ROOT,
                    "version %d of %s was pruned while %s was moved to it; promote one that is there",
                    version,
                    model,
                    channel.path()));
        }
    }

    private boolean isIntact(String model, int version) {
        try {
            verify(model, version);
            return true;
        } catch (ArtifactRejected e) {
            return false;
        }
    }

    /** Hides a version, then deletes it; false when a channel came to name it in between. */
    private boolean delete(String model, int version) {
        Path versions = versionsFolder(model);
        Path folder = folder(model, version);
        Path hidden = versions.resolve(PRUNED + version);
        try {
            if (Files.exists(hidden)) {
                // Left behind by a prune that was cut off.
                Folders.delete(hidden);
            }
            Files.move(folder, hidden, StandardCopyOption.ATOMIC_MOVE);
            if (!channels(model, version).isEmpty()) {
                Files.move(hidden, folder, StandardCopyOption.ATOMIC_MOVE);
                return false;
            }
            Folders.delete(hidden);
            Folders.sync(versions);
            return true;
        } catch (IOException e) {
            throw new StoreException("cannot prune version " + version + " of " + model + ": " + e, e);
        }
    }

    private StoredVersion stored(String model, int version) {
        Set<Channel> channels = channelsThatCanBeRead(model, version);
        try {
            Artifact artifact = verification(model, version).manifestOnly();
            return new StoredVersion(version, channels, artifact.manifest().created(), artifact.digest(), null);
        } catch (ArtifactRejected e) {
            return new StoredVersion(version, channels, null, null, e.reason());
        } catch (IOException e) {
            return new StoredVersion(version, channels, null, null, "cannot be read: " + e);
        }
    }

    /** The channels that name the version; a garbled pointer is a {@link StoreException}, for it may mean any version. */
    private Set<Channel> channels(String model, int version) {
        return channels(channel -> wished(model, channel), version);
    }

    private Set<Channel> channelsThatCanBeRead(String model, int version) {
        return channels(channel -> wishedIfReadable(model, channel), version);
    }

    private static Set<Channel> channels(Function<Channel, OptionalInt> wished, int version) {
        Set<Channel> channels = EnumSet.noneOf(Channel.class);
        for (Channel channel : Channel.values()) {
            if (wished.apply(channel).equals(OptionalInt.of(version))) {
                channels.add(channel);
            }
        }
        return channels;
    }

    private OptionalInt wishedIfReadable(String model, Channel channel) {
        try {
            return wished(model, channel);
        } catch (StoreException e) {
            return OptionalInt.empty();
        }
    }

    private int wishedOrRefuse(String model, Channel channel) {
        return wished(model, channel).orElseThrow(() -> Rollback.nothingWished(model, channel));
    }

    /** The version numbers of a model, ascending; hidden folders and other names do not count. */
    private List<Integer> numbers(String model) {
        List<Integer> numbers = new ArrayList<>();
        for (Path entry : entries(existing(versionsFolder(model)))) {
            String name = entry.getFileName().toString();
            if (VERSION.matcher(name).matches()) {
                numbers.add(Integer.parseInt(name));
            }
        }
        numbers.sort(Comparator.naturalOrder());
        return numbers;
    }

    private PointerFile pointer(String model, Channel channel) {
        return new PointerFile(existing(modelFolder(model)).resolve("channels"), channel);
    }

    private Verification verification(String model, int version) {
        return new Verification(model, version, folder(model, version), policy);
    }

    private Path folder(String model, int version) {
        checkVersion(version);
        return versionsFolder(model).resolve(Integer.toString(version));
    }

    private Path versionsFolder(String model) {
        return modelFolder(model).resolve("versions");
    }

    private Path modelFolder(String model) {
        checkName(model);
        return root.resolve(model);
    }

    static void checkName(String model) {
        if (!ManifestRules.isModelName(model)) {
            throw new StoreException(
                    "\"" + model + "\" is not a model's name: lower-case letters, digits, - and _, a letter first");
        }
    }

    /** Refuses a number that no reader would take for a version's, so that nothing is ever pointed at it. */
    static void checkVersion(int version) {
        if (version < 1 || version > MAX_VERSION) {
            throw new StoreException("versions are numbered 1 to " + MAX_VERSION + ", not " + version);
        }
    }

    private Path existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new StoreException("there is no folder " + folder + " in the store at " + root
                    + "; check the store's path and the model's name");
        }
        return folder;
    }

    private static List<Path> entries(Path folder) {
        try {
            return Folders.entries(folder);
        } catch (IOException e) {
            throw new StoreException("cannot list " + folder + ": " + e, e);
        }
    }
}
