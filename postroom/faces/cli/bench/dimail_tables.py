"""Postroom's own tables as the plain handlers see them: mapped by SQLAlchemy with the columns that they use."""

import os
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Engine, ForeignKey, MetaData, Table, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from postroom.faces.cli.bench.dimail_script import Prepared

_Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    type_annotation_map = {int: BigInteger}


class Account(Base):
    __tablename__ = "store_dimailaccount"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_admin: Mapped[bool]
    password_hash: Mapped[str]
    tokens_from: Mapped[int]


class Allow(Base):
    __tablename__ = "store_dimailallow"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    domain_id: Mapped[int]


class Facts(Base):
    __tablename__ = "store_dimaildomain"
    domain_id: Mapped[int] = mapped_column(ForeignKey("store_domain.id"), primary_key=True)
    features: Mapped[list[str]] = mapped_column(_Json)
    delivery: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(_Json)
    transport: Mapped[str | None]


class Context(Base):
    __tablename__ = "store_context"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Domain(Base):
    __tablename__ = "store_domain"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int]
    context_id: Mapped[int] = mapped_column(ForeignKey("store_context.id"))
    name: Mapped[str]
    status: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(_Json)
    ownership: Mapped[str]
    check_details: Mapped[list[Any]] = mapped_column(_Json)
    checked_at: Mapped[int | None]
    check_at: Mapped[int | None]
    check_failure: Mapped[str]
    expected_records: Mapped[list[Any]] = mapped_column(_Json)
    facts: Mapped[Facts] = relationship(lazy="joined", innerjoin=True)
    context: Mapped[Context] = relationship(lazy="joined", innerjoin=True)


class DomainName(Base):
    __tablename__ = "store_domainname"
    name: Mapped[str] = mapped_column(primary_key=True)
    domain_id: Mapped[int]
    is_alias: Mapped[bool]


class Workgroup(Base):
    __tablename__ = "store_workgroup"
    id: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[int]


class Address(Base):
    __tablename__ = "store_address"
    address: Mapped[str] = mapped_column(primary_key=True)
    domain_id: Mapped[int]
    mailbox_id: Mapped[int]
    is_alias: Mapped[bool]


class Alias(Base):
    __tablename__ = "store_alias"
    id: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[int]
    local_part: Mapped[str]
    destination: Mapped[str]


class Written:
    """Tables with many columns, which are all written."""

    def __init__(self, engine: Engine, prepared: Prepared) -> None:
        self.mailbox = _reflected("store_mailbox", engine, prepared)
        self.history = _reflected("store_history", engine, prepared)


def _reflected(name: str, engine: Engine, prepared: Prepared) -> Table:
    columns = [Column(column, _Json) for column in prepared.json_columns[name]]
    return Table(name, MetaData(), *columns, autoload_with=engine, resolve_fks=False)


def engines() -> tuple[Engine, Engine]:
    """For reading alone, without transactions, and for changes. Of the database that DATABASE_URL names."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith("sqlite"):
        url = "postgresql+psycopg://" + url.partition("://")[2]
        return create_engine(url, isolation_level="AUTOCOMMIT"), create_engine(url)
    url = f"sqlite:///{url.removeprefix('sqlite:///')}"
    reading, writing = (
        create_engine(url, connect_args={"timeout": 20}),
        create_engine(url, connect_args={"timeout": 20}),
    )
    for engine in (reading, writing):
        event.listen(engine, "connect", _set_up)
    # As SQLAlchemy's manual advises: a transaction that reads first and writes then is refused beside another writer.
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return reading, writing


def _set_up(connection: Any, _: object) -> None:
    """As Postroom's connections are."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
