export function benchSweep() {}
