/**
 * Plants faults in security-critical code and runs the tests that must notice them, one fault at a time, in a copy
 * of the project that is built once. `npm run mutate -- <words>` runs the faults whose area, title or file matches.
 * Exits with 1 when an unexplained fault survives, or when fewer than nine in ten are noticed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { faultsByArea } from '../tests/faults/index.ts';
import { faultVariable, groupBy, plantFaults, type Fault } from '../tests/faults/fault.ts';

const root = path.resolve(import.meta.dirname, '..');
const wantedShare = 0.9;
/** What the copy makes for itself. */
const ownOfCopy = ['node_modules', 'build', 'data', 'test-results', '.git'];
const ownOfModules = ['.setup', '.vite'];

interface Outcome extends Fault {
	readonly area: string;
	readonly isNoticed: boolean;
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = Object.entries(faultsByArea)
	.flatMap(([area, faults]) => faults.map((fault) => ({ area, ...fault })))
	.filter(({ area, title, file }) => words.every((word) => `${area} ${title} ${file}`.toLowerCase().includes(word)));
if (chosen.length === 0) {
	console.error('No fault matches.');
	process.exit(1);
}

const copy = mkdtempSync(path.join(tmpdir(), 'immich-auth-faults-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

copyProject();
requireGreenTests();
const outcomes = chosen.map(tryFault);
report(outcomes);

function copyProject(): void {
	for (const entry of readdirSync(root).filter((name) => !ownOfCopy.includes(name)))
		cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
	mkdirSync(path.join(copy, 'node_modules'));
	for (const name of readdirSync(path.join(root, 'node_modules')).filter((entry) => !ownOfModules.includes(entry)))
		symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
	for (const [file, faults] of groupBy(chosen, (fault) => fault.file)) {
		const target = path.join(copy, file);
		writeFileSync(target, plantFaults(readFileSync(target, 'utf8'), faults));
	}
}

/** A test that fails without a fault would count every fault as noticed. */
function requireGreenTests(): void {
	const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
	console.log(`Building a copy and running ${files.length} test files without a fault …`);
	if (runTests(files, '')) return;
	console.error('These tests fail without a fault. Run them with `npx vitest run` and repair them first.');
	process.exit(1);
}

function tryFault(fault: Fault & { readonly area: string }): Outcome {
	const isNoticed = !runTests(fault.tests, fault.title);
	console.log(`${isNoticed ? 'noticed ' : 'SURVIVED'}  ${fault.area}: ${fault.title}`);
	return { ...fault, isNoticed };
}

/** Runs test files with a fault switched on; true when all of them pass. */
function runTests(files: readonly string[], title: string): boolean {
	const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', ...files], {
		cwd: copy,
		env: { ...process.env, [faultVariable]: title },
		stdio: 'ignore'
	});
	return status === 0;
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
