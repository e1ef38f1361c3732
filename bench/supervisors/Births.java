import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Hears of every child at the moment it says that it lives, without polling. */
final class Births implements AutoCloseable {
    record Birth(String name, long pid, long at) {}

    private final RandomAccessFile fifo;
    private final Set<Long> kids = ConcurrentHashMap.newKeySet();
    private final List<Birth> births = new ArrayList<>(); // guarded by this

    Births(Path path) throws Exception {
        if (new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("mkfifo " + path + " failed");
        }
        fifo = new RandomAccessFile(path.toFile(), "rw"); // for writing too, so that it never ends
        Thread reader = new Thread(this::read, "births");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(fifo.getChannel()), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long at = System.nanoTime();
                String[] words = line.split(" ");
                if (words[0].equals("kid")) {
                    kids.add(Long.parseLong(words[1]));
                } else {
                    add(new Birth(words[0], Long.parseLong(words[1]), at));
                }
            }
        } catch (java.io.IOException closed) {
            // the end of the run
        }
    }

    private synchronized void add(Birth birth) {
        births.add(birth);
        notifyAll();
    }

    synchronized int count() {
        return births.size();
    }

    /** Waits for the births after the first {@code before}. */
    synchronized List<Birth> await(int before, int wanted, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (births.size() < before + wanted) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException(
                        (births.size() - before) + " of " + wanted + " children lived after " + seconds + " s");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return List.copyOf(births.subList(before, before + wanted));
    }

    Set<Long> kids() {
        return kids;
    }

    @Override
    public void close() throws java.io.IOException {
        fifo.close();
    }
}
