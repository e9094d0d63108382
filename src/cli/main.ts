import { CommanderError } from '@commander-js/extra-typings';
import { CliError, exitCodes, type ExitCode } from './cli-error.ts';
import { buildProgram } from './program.ts';
import { say, watchStreams } from './terminal/output.ts';

// Secrets can be among the arguments; on Linux this also replaces what `ps` shows.
process.title = 'immich-auth';

/** Runs a command line without the program's name; returns the exit code. */
async function run(args: readonly string[]): Promise<ExitCode> {
	try {
		await buildProgram().parseAsync([...args], { from: 'user' });
		return exitCodes.done;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
		return report(error);
	}
}

function report(error: unknown): ExitCode {
	if (error instanceof CliError) {
		say(`immich-auth: ${error.message}`);
		if (error.advice) say(error.advice);
		return error.exitCode;
	}
	const isOwn = error instanceof Error && ['ProfileNameError', 'SessionFileError'].includes(error.name);
	say(`immich-auth: ${error instanceof Error ? error.message : String(error)}`);
	if (!isOwn && error instanceof Error) say(error.stack ?? '');
	return error instanceof Error && error.name === 'ProfileNameError' ? exitCodes.usage : exitCodes.failed;
}

watchStreams((error) => {
	process.exit(report(error));
});
process.exitCode = await run(process.argv.slice(2));
