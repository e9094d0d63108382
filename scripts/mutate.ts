/**
 * Plants faults in security-critical code and runs the tests that must notice them, one fault at a time, in a copy
 * of the project that is built once.
 *
 * `npm run mutate -- <words>` runs the faults whose area, title or file contains every word. `--resume` skips what
 * the last run has finished; its results are in `test-results/faults.jsonl`.
 * Exits with 1 when an unexplained fault survives, or when fewer than nine in ten are noticed.
 */
import { spawnSync } from 'node:child_process';
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { faultsByArea } from '../tests/faults/index.ts';
import { faultVariable, groupBy, plantFaults, type Fault } from '../tests/faults/fault.ts';

const root = path.resolve(import.meta.dirname, '..');
const resultsFile = path.join(root, 'test-results', 'faults.jsonl');
const wantedShare = 0.9;
/** What the copy makes for itself. */
const ownOfCopy = ['node_modules', 'build', 'data', 'test-results', '.git', '.svelte-kit'];
const ownOfModules = ['.setup', '.vite'];
/** A fault that keeps a test from ending is noticed, too. */
const longestRunMs = 10 * 60_000;

const Result = z.object({ title: z.string(), isNoticed: z.boolean() });
const Report = z.object({
	testResults: z.array(
		z.object({
			status: z.string(),
			message: z.string(),
			assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() }))
		})
	)
});

type PlacedFault = Fault & { readonly area: string };
interface Outcome extends PlacedFault {
	readonly isNoticed: boolean;
}

const { values: options, positionals } = parseArgs({
	options: { resume: { type: 'boolean', default: false } },
	allowPositionals: true
});
const words = positionals.map((word) => word.toLowerCase());
const chosen: readonly PlacedFault[] = Object.entries(faultsByArea)
	.flatMap(([area, faults]) => faults.map((fault) => ({ area, ...fault })))
	.filter(({ area, title, file }) => words.every((word) => `${area} ${title} ${file}`.toLowerCase().includes(word)));
if (chosen.length === 0) {
	console.error('No fault matches.');
	process.exit(1);
}

const finished = options.resume ? readResults() : new Map<string, boolean>();
if (!options.resume) rmSync(resultsFile, { force: true });
mkdirSync(path.dirname(resultsFile), { recursive: true });
const remaining = chosen.filter(({ title }) => !finished.has(title));

const copy = mkdtempSync(path.join(tmpdir(), 'immich-auth-faults-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (remaining.length > 0) {
	copyProject();
	prepareCopy();
	requireGreenTests();
}
for (const [index, fault] of remaining.entries()) tryFault(fault, index + 1);
report(chosen.map((fault) => ({ ...fault, isNoticed: finished.get(fault.title) ?? false })));

function readResults(): Map<string, boolean> {
	if (!existsSync(resultsFile)) return new Map();
	const lines = readFileSync(resultsFile, 'utf8').split('\n').filter(Boolean);
	return new Map(lines.map((line) => Result.parse(JSON.parse(line))).map(({ title, isNoticed }) => [title, isNoticed]));
}

function copyProject(): void {
	for (const entry of readdirSync(root).filter((name) => !ownOfCopy.includes(name)))
		cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
	mkdirSync(path.join(copy, 'node_modules'));
	for (const name of readdirSync(path.join(root, 'node_modules')).filter((entry) => !ownOfModules.includes(entry)))
		symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
	for (const [file, faults] of groupBy(remaining, (fault) => fault.file)) {
		const target = path.join(copy, file);
		writeFileSync(target, plantFaults(readFileSync(target, 'utf8'), faults));
	}
}

/** Makes what the tests import from the copy's own sources. */
function prepareCopy(): void {
	const { status } = spawnSync('npm', ['run', '--silent', 'prepare'], { cwd: copy, stdio: 'inherit' });
	if (status !== 0) process.exit(1);
}

/** A test that fails without a fault would count every fault as noticed. */
function requireGreenTests(): void {
	const files = [...new Set(remaining.flatMap(({ tests }) => tests))];
	console.log(`Building a copy and running ${files.length} test files without a fault …`);
	const failure = failureOf(files, '');
	if (failure === null) return;
	console.error(`A test fails without a fault. Repair it first: ${failure}`);
	process.exit(1);
}

function tryFault(fault: PlacedFault, number: number): void {
	const startedAt = performance.now();
	const failure = failureOf(fault.tests, fault.title);
	const isNoticed = failure !== null;
	finished.set(fault.title, isNoticed);
	appendFileSync(resultsFile, `${JSON.stringify({ title: fault.title, isNoticed })}\n`);
	const seconds = Math.round((performance.now() - startedAt) / 1_000);
	const place = `${number}/${remaining.length} ${isNoticed ? 'noticed ' : 'SURVIVED'} ${seconds} s`;
	console.log(`${place}  ${fault.area}: ${fault.title}${isNoticed ? `\n    by: ${failure}` : ''}`);
}

/** Runs test files with a fault switched on, and names the first test that fails; null when all of them pass. */
function failureOf(files: readonly string[], title: string): string | null {
	const output = path.join(copy, 'test-results', 'report.json');
	rmSync(output, { force: true });
	const { status, stderr } = spawnSync(
		'npx',
		['--no', '--', 'vitest', 'run', '--bail', '1', '--reporter', 'json', '--outputFile', output, ...files],
		{ cwd: copy, env: { ...process.env, [faultVariable]: title }, encoding: 'utf8', timeout: longestRunMs }
	);
	if (status === 0) return null;
	return existsSync(output) ? firstFailureIn(readFileSync(output, 'utf8')) : stderr.trim().slice(-2_000);
}

function firstFailureIn(report: string): string {
	const { testResults } = Report.parse(JSON.parse(report));
	const failed = testResults.filter((file) => file.status === 'failed');
	const test = failed.flatMap((file) => file.assertionResults).find(({ status }) => status === 'failed');
	return test?.fullName ?? failed[0]?.message.split('\n')[0] ?? 'an error outside of the tests';
}

function report(all: readonly Outcome[]): void {
	const survivors = all.filter(({ isNoticed }) => !isNoticed);
	const unexplained = survivors.filter(({ survives }) => survives === undefined);
	for (const [area, faults] of groupBy(all, (outcome) => outcome.area))
		console.log(`${area}: ${faults.filter(({ isNoticed }) => isNoticed).length} of ${faults.length} noticed`);
	for (const { area, title, file, survives } of survivors)
		console.log(`survived: ${area}: ${title} (${file})${survives === undefined ? '' : `: ${survives}`}`);
	const share = (all.length - survivors.length) / all.length;
	console.log(`${all.length - survivors.length} of ${all.length} faults noticed (${Math.round(share * 100)} %).`);
	process.exitCode = unexplained.length === 0 && share >= wantedShare ? 0 : 1;
}
