// Plain JavaScript without packages, because it runs before they are installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamps = path.join(root, 'node_modules', '.setup');
const oldestNode = { major: 20, minor: 19 };

/** @param {string} line */
export const say = (line) => process.stdout.write(`${line}\n`);

/** @param {string} line @returns {never} */
export function giveUp(line) {
	process.stderr.write(`${line}\n`);
	process.exit(1);
}

/** Running commands, which end with this program. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
const isWindows = process.platform === 'win32';
const killAfterMs = 5_000;
/** The exit code to use once the running commands have ended. @type {number | undefined} */
let interruptedWith;
/** Whether this program ends its own commands, so that Ctrl-C need not reach them. */
let endsCommands = false;

/**
 * On a signal, ends the running commands with all their processes, and then this program.
 * @param {number} code the exit code then
 */
export function stopOnSignals(code) {
	endsCommands = true;
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
		process.on(signal, () => {
			if (running.size === 0) process.exit(code);
			interruptedWith = code;
			for (const child of running) end(child, 'SIGTERM');
			setTimeout(() => {
				for (const child of running) end(child, 'SIGKILL');
				process.exit(code);
			}, killAfterMs).unref();
		});
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function end(child, signal) {
	try {
		// Commands that own the terminal are in its process group and have already received Ctrl-C.
		if (isWindows || child.pid === undefined || child.stdout === null) child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch {
		// It has already ended.
	}
}

/** For commands that neither read from nor write to the terminal. @returns {import('node:child_process').SpawnOptions} */
const apart = () => ({ stdio: ['ignore', 'pipe', 'pipe'], detached: endsCommands && !isWindows });

/**
 * Runs a command and returns its exit code; uses its own process group unless it needs the terminal.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 */
async function runToEnd(command, args, options, onOutput = (/** @type {Buffer} */ _part) => {}) {
	const child = spawn(command, args, { cwd: root, shell: isWindows, ...options });
	running.add(child);
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
	const code = await new Promise((resolve) => {
		child
			.once('close', (status) => resolve(status ?? 1))
			.once('error', (error) => {
				process.stderr.write(`${command} could not be run: ${error.message}\n`);
				resolve(1);
			});
	});
	running.delete(child);
	if (interruptedWith !== undefined) process.exit(interruptedWith);
	return code;
}

/**
 * Runs a command in this terminal; exits the program if it fails.
 * @param {string} command @param {string[]} args @param {Record<string, string>} env what differs from this program's
 */
export async function run(command, args, env = {}) {
	const code = await runToEnd(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
	if (code !== 0) process.exit(code);
}

/**
 * Runs a command and shows its output only if it fails; then the program exits.
 * @param {string} command @param {string[]} args @param {Record<string, string>} env what differs from this program's
 */
async function runQuietly(command, args, env = {}) {
	/** @type {Buffer[]} */
	const output = [];
	const options = { ...apart(), env: { ...process.env, ...env } };
	const code = await runToEnd(command, args, options, (part) => output.push(part));
	if (code === 0) return;
	process.stderr.write(Buffer.concat(output));
	process.exit(code);
}

/**
 * Runs npm scripts in parallel; prints each one's output when it has ended.
 * @param {...string} scripts
 */
export async function runTogether(...scripts) {
	const codes = await Promise.all(
		scripts.map(async (script) => {
			/** @type {Buffer[]} */
			const output = [];
			const code = await runToEnd('npm', ['run', '--silent', script], apart(), (part) => output.push(part));
			process.stdout.write(Buffer.concat(output));
			return code;
		})
	);
	if (codes.some((code) => code !== 0)) process.exit(1);
}

/** Installs the npm packages unless they match package-lock.json. */
export async function ensurePackages() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major < oldestNode.major || (major === oldestNode.major && minor < oldestNode.minor))
		giveUp(`Node.js ${oldestNode.major}.${oldestNode.minor} or newer is needed; this is ${process.versions.node}.`);
	await once('packages', ['package.json', 'package-lock.json'], async () => {
		say('Installing packages (once, a minute or two) …');
		await runQuietly('npm', ['ci', '--no-audit', '--no-fund']);
	});
}

/** Builds the application if its sources have changed. */
export async function ensureBuilt() {
	const sources = [
		'bin',
		'src',
		'static',
		'prisma',
		'scripts/build-cli.mjs',
		'package.json',
		'package-lock.json',
		'svelte.config.js',
		'vite.config.ts',
		'tsconfig.json'
	];
	await once(
		'build',
		sources,
		async () => {
			say('Building (once, half a minute) …');
			// Inside a test runner it would become a development build.
			await runQuietly('npm', ['run', '--silent', 'build'], { NODE_ENV: 'production' });
		},
		existsSync(path.join(root, 'build', 'server.js'))
	);
}

/** Builds the command line if its sources have changed; silently, because its output may go into another program. */
export async function ensureCliBuilt() {
	await once(
		'cli',
		['src/cli', 'src/lib/contract', 'scripts/build-cli.mjs', 'package.json', 'package-lock.json'],
		() => runQuietly('npm', ['run', '--silent', 'build:cli']),
		existsSync(path.join(root, 'build', 'cli', 'immich-auth.js'))
	);
}

/**
 * Does the work unless it was already done for exactly these files.
 * @param {string} name @param {string[]} files @param {() => Promise<void>} work @param {boolean} isThere
 */
async function once(name, files, work, isThere = true) {
	const stamp = path.join(stamps, name);
	const wanted = fingerprint(files);
	if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	rmSync(stamp, { force: true });
	await work();
	mkdirSync(stamps, { recursive: true });
	writeFileSync(stamp, wanted);
}

/** @param {string[]} entries files and folders, relative to the root */
function fingerprint(entries) {
	const hash = createHash('sha256').update(process.version);
	for (const file of entries.flatMap(listFiles))
		hash
			.update(file)
			.update('\0')
			.update(readFileSync(path.join(root, file)));
	return hash.digest('hex');
}

/** Generated by a build, or built separately. */
const notSources = new Set(['generated', 'cli']);

/** @param {string} entry @returns {string[]} */
function listFiles(entry) {
	const full = path.join(root, entry);
	if (!existsSync(full)) return [];
	try {
		return readdirSync(full)
			.sort()
			.filter((name) => !notSources.has(name))
			.flatMap((name) => listFiles(path.join(entry, name)));
	} catch {
		return [entry];
	}
}
