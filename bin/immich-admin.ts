import { runProgram } from './admin/program.ts';

await runProgram(process.argv);
