// Loaded before the server by `node --require`: shows and holds password hashing, and moves the clock of its minutes.
// Not a module: a module would see these functions before they are replaced.
const bcrypt = require('@node-rs/bcrypt');

const say = (line) => process.stdout.write(`${line}\n`);

/** Resolves while hashing is not held. */
let held = Promise.resolve();
let release = () => {};
let isHeld = false;

for (const name of ['hash', 'verify']) {
	const real = bcrypt[name];
	bcrypt[name] = async (...given) => {
		say('password work begins');
		await held;
		return real(...given);
	};
}

process.on('SIGUSR2', () => {
	isHeld = !isHeld;
	if (isHeld) held = new Promise((resolve) => (release = resolve));
	else release();
	say(isHeld ? 'password work is held' : 'password work is released');
});

/** Intervals of a minute run when they are told to. */
const minutes = new Map();
const realSetInterval = globalThis.setInterval;
const realClearInterval = globalThis.clearInterval;
globalThis.setInterval = (run, ms, ...given) => {
	const timer = realSetInterval(ms === 60_000 ? () => {} : run, ms, ...given);
	if (ms === 60_000) {
		minutes.set(timer, () => run(...given));
		say('a minute begins');
	}
	return timer;
};
globalThis.clearInterval = (timer) => {
	if (minutes.delete(timer)) say('a minute is given up');
	realClearInterval(timer);
};

process.on('SIGWINCH', () => {
	for (const run of minutes.values()) run();
	say('a minute has passed');
});
