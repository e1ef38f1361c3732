// Prints one line for each check: "ok NAME" or "not ok NAME" with the reason; counts for the exit code.
export const counts = { passed: 0, failed: 0 };

/** Everything that a check leaves open must end by this time. */
const SECONDS_MAX = 30;

export async function check(name, work) {
    try {
        await within(SECONDS_MAX, work(), 'the check');
        counts.passed++;
        console.log(`ok ${name}`);
    } catch (error) {
        counts.failed++;
        console.log(`not ok ${name}\n    ${describe(error).replaceAll('\n', '\n    ')}`);
    }
}

export function within(seconds, promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} took more than ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks until the answer is truthy. */
export async function eventually(question, what, seconds = 10) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await question();
        if (answer) return answer;
        if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

function describe(error) {
    const code = error.code && error.code !== 'ERR_ASSERTION' ? ` (code ${error.code})` : '';
    const where = error.stack?.split('\n').find(line => line.includes('/clients/'))?.trim() ?? '';
    return `${error.message}${code}\n${where}`.trim();
}
