export function benchMemory() {}
