/** Runs before every test file of the project `cluster`: makes it use the cluster as Redis. */
process.env['REDIS_URL'] = process.env['REDIS_CLUSTER_URL'];
