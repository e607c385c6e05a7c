"""A lake beside the file: articles from files anywhere, records into partitioned Parquet, no database in the way.

    IN ─▶ portions ─▶ workers: read, extract, write ─▶ OUT/part-….parquet
                                                       OUT/_summaries/part-….json   the mark that it is finished

Whoever plans (`planning`) only lists files. A portion is read, digested and written by one worker
(`partitions`), so nothing but its name and its counts travels. `loading` brings partitions into a store. Addresses are
fsspec's: a path, s3://…, hdfs://…, memory://….
"""
