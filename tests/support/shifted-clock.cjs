// Loaded before a command by `node --require`: its clock is behind by CLOCK_BEHIND_MS.
const realNow = Date.now;
Date.now = () => realNow() - Number(process.env.CLOCK_BEHIND_MS);
