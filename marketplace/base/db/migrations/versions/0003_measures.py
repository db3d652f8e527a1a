"""measures: statements of reasons, what was done, evidence and its custody, courses."""

import sqlalchemy as sa
from alembic import op
from marketplace.base.db.columns import UtcInstant

revision = '0003'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('finding_detail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('intent', sa.String(length=40), nullable=True),
    sa.Column('decided_intent', sa.String(length=40), nullable=True),
    sa.Column('value_fen', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('value_fen IS NULL OR value_fen >= 0', name=op.f('ck_finding_detail_value')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_detail_finding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_detail')),
    sa.UniqueConstraint('finding_id', name=op.f('uq_finding_detail_finding_id'))
    )
    op.create_table('finding_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('use_id', sa.Integer(), nullable=True),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('added_at', UtcInstant(), nullable=False),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_evidence_finding_id')),
    sa.ForeignKeyConstraint(['use_id'], ['file_use.id'], name=op.f('fk_finding_evidence_use_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_evidence')),
    sa.UniqueConstraint('finding_id', 'sha256', name=op.f('uq_finding_evidence_finding_id_sha256'))
    )
    with op.batch_alter_table('finding_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_evidence_finding_id'), ['finding_id'], unique=False)

    op.create_table('statement_of_reasons',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=60), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('basis', sa.String(length=40), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('factory_id', sa.Integer(), nullable=True),
    sa.Column('operator_id', sa.Integer(), nullable=True),
    sa.Column('finding_id', sa.Integer(), nullable=True),
    sa.Column('complaint_ref', sa.String(length=120), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('text_zh', sa.JSON(), nullable=False),
    sa.Column('text_en', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rulebook_sha256', sa.String(length=64), nullable=False),
    sa.Column('automated', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_role', sa.String(length=40), nullable=False),
    sa.Column('at', UtcInstant(), nullable=False),
    sa.Column('appeal_until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['factory_id'], ['factory.id'], name=op.f('fk_statement_of_reasons_factory_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_statement_of_reasons_finding_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_statement_of_reasons_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_of_reasons')),
    sa.UniqueConstraint('program', 'number', name=op.f('uq_statement_of_reasons_program_number'))
    )
    with op.batch_alter_table('statement_of_reasons', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_of_reasons_factory_id'), ['factory_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statement_of_reasons_finding_id'), ['finding_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statement_of_reasons_operator_id'), ['operator_id'], unique=False)
        batch_op.create_index('ix_statement_of_reasons_store', ['store_id', 'at'], unique=False)

    op.create_table('course_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('course', sa.String(length=60), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', UtcInstant(), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('attended', sa.String(length=300), nullable=True),
    sa.Column('returned', sa.String(length=1000), nullable=True),
    sa.Column('confirmed_at', UtcInstant(), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', UtcInstant(), nullable=True),
    sa.CheckConstraint('confirmed_at IS NULL OR done_at IS NOT NULL', name=op.f('ck_course_assignment_confirmed')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_course_assignment_finding_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_course_assignment_statement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_course_assignment_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_assignment')),
    sa.UniqueConstraint('statement_id', name=op.f('uq_course_assignment_statement_id'))
    )
    with op.batch_alter_table('course_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_assignment_store_id'), ['store_id'], unique=False)

    op.create_table('custody_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=False),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('from_at', UtcInstant(), nullable=False),
    sa.Column('until_at', UtcInstant(), nullable=True),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('until_at IS NULL OR until_at >= from_at', name=op.f('ck_custody_step_order')),
    sa.ForeignKeyConstraint(['evidence_id'], ['finding_evidence.id'], name=op.f('fk_custody_step_evidence_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_step'))
    )
    with op.batch_alter_table('custody_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_custody_step_evidence_id'), ['evidence_id'], unique=False)
        batch_op.create_index('uq_custody_step_holder', ['evidence_id'], unique=True, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))

    op.create_table('interim_suspension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('from_at', UtcInstant(), nullable=False),
    sa.Column('until_at', UtcInstant(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('imposed_by', sa.Integer(), nullable=False),
    sa.Column('ended_at', UtcInstant(), nullable=True),
    sa.Column('end_reason', sa.String(length=40), nullable=True),
    sa.CheckConstraint('until_at > from_at', name=op.f('ck_interim_suspension_term')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_interim_suspension_finding_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_interim_suspension_statement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_interim_suspension_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interim_suspension'))
    )
    with op.batch_alter_table('interim_suspension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interim_suspension_finding_id'), ['finding_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_interim_suspension_store_id'), ['store_id'], unique=False)
        batch_op.create_index('uq_interim_suspension_open', ['store_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('measure_taken',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=True),
    sa.Column('from_at', UtcInstant(), nullable=False),
    sa.Column('until_at', UtcInstant(), nullable=True),
    sa.Column('ended_at', UtcInstant(), nullable=True),
    sa.Column('end_reason', sa.String(length=40), nullable=True),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_measure_taken_ended')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_measure_taken_finding_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement_of_reasons.id'], name=op.f('fk_measure_taken_statement_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_measure_taken_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_taken')),
    sa.UniqueConstraint('statement_id', 'kind', name=op.f('uq_measure_taken_statement_id_kind'))
    )
    with op.batch_alter_table('measure_taken', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_taken_finding_id'), ['finding_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_taken_statement_id'), ['statement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_taken_store_id'), ['store_id'], unique=False)

    op.create_table('measure_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('from_at', UtcInstant(), nullable=False),
    sa.Column('until_at', UtcInstant(), nullable=True),
    sa.CheckConstraint('until_at IS NULL OR until_at >= from_at', name=op.f('ck_measure_pause_order')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure_taken.id'], name=op.f('fk_measure_pause_measure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_pause'))
    )
    with op.batch_alter_table('measure_pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_pause_measure_id'), ['measure_id'], unique=False)
        batch_op.create_index('uq_measure_pause_open', ['measure_id'], unique=True, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))


def downgrade() -> None:
    raise NotImplementedError
