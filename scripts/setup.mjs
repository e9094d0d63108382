// Plain JavaScript without packages: it runs before they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once as eventOf } from 'node:events';
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

/**
 * Runs a command in this terminal; ends the program when it fails.
 * @param {string} command @param {string[]} args @param {Record<string, string>} env what differs from this program's
 */
export function run(command, args, env = {}) {
	const { status, error } = spawnSync(command, args, {
		cwd: root,
		env: { ...process.env, ...env },
		stdio: 'inherit',
		shell: process.platform === 'win32'
	});
	if (error) giveUp(`${command} could not be run: ${error.message}`);
	if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs npm scripts side by side, on as many cores; each says what it has to say once it has ended.
 * @param {...string} scripts
 */
export async function runTogether(...scripts) {
	const statuses = await Promise.all(
		scripts.map(async (script) => {
			const child = spawn('npm', ['run', '--silent', script], { cwd: root, shell: process.platform === 'win32' });
			/** @type {Buffer[]} */
			const said = [];
			for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
			const [status] = await eventOf(child, 'close');
			process.stdout.write(Buffer.concat(said));
			return status;
		})
	);
	if (statuses.some((status) => status !== 0)) process.exit(1);
}

/** Installs the npm packages where they are not those of package-lock.json. */
export function ensurePackages() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major < oldestNode.major || (major === oldestNode.major && minor < oldestNode.minor))
		giveUp(`Node.js ${oldestNode.major}.${oldestNode.minor} or newer is needed; this is ${process.versions.node}.`);
	once('packages', ['package.json', 'package-lock.json'], () => {
		say('Installing packages (once, a minute or two) …');
		run('npm', ['ci', '--no-audit', '--no-fund']);
	});
}

/** Builds the application where its sources have changed since. */
export function ensureBuilt() {
	const sources = [
		'bin',
		'src',
		'static',
		'prisma',
		'package-lock.json',
		'svelte.config.js',
		'vite.config.ts',
		'tsconfig.json'
	];
	once(
		'build',
		sources,
		() => {
			say('Building (once, half a minute) …');
			// Under a test runner it would be built as for development.
			run('npm', ['run', '--silent', 'build'], { NODE_ENV: 'production' });
		},
		existsSync(path.join(root, 'build', 'server.js'))
	);
}

/**
 * Does the work unless it was done for exactly these files.
 * @param {string} name @param {string[]} files @param {() => void} work @param {boolean} isThere
 */
function once(name, files, work, isThere = true) {
	const stamp = path.join(stamps, name);
	const wanted = fingerprint(files);
	if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	rmSync(stamp, { force: true });
	work();
	mkdirSync(stamps, { recursive: true });
	writeFileSync(stamp, wanted);
}

/** @param {string[]} entries files and folders, from the root */
function fingerprint(entries) {
	const hash = createHash('sha256').update(process.version);
	for (const file of entries.flatMap(filesOf))
		hash
			.update(file)
			.update('\0')
			.update(readFileSync(path.join(root, file)));
	return hash.digest('hex');
}

/** @param {string} entry @returns {string[]} */
function filesOf(entry) {
	const full = path.join(root, entry);
	if (!existsSync(full)) return [];
	try {
		return readdirSync(full)
			.sort()
			.filter((name) => name !== 'generated')
			.flatMap((name) => filesOf(path.join(entry, name)));
	} catch {
		return [entry];
	}
}
